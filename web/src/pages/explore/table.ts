// The rows of a composed report, as a table or as bars.

import { withFilter, type Slice } from "../../filters/slice";
import { addDays, isDay } from "../../filters/days";
import { daysOf } from "../../filters/periods";
import { selectBuckets } from "../../filters/select_buckets";
import { addressFor } from "../../filters/use_slice";
import { describeChange, type Change } from "../../figures/changes";
import { formatCount } from "../../figures/numbers";
import { formOf, formatValue } from "../../figures/values";
import type { Grain } from "../../graphql/graphql";
import type { Breakdown, Row, Value, Values } from "./answer";
import { parametersOf } from "../tickets/number";
import { valueOf, type ReportColumn } from "./columns";
import { filterId, groupOf, isDimension, nameKey, type Key } from "./groups";

export interface Cell {
  readonly text: string;
  /** The exact number, how many stand behind it, or why it is not there. */
  readonly note: string;
  readonly change: Change | null;
  /** Of the largest number of its column, from 0 to 1. */
  readonly part: number;
  /** Where its tickets are; null where an address cannot say. */
  readonly address: string | null;
}

export interface Line {
  readonly id: string;
  /** Empty: the whole slice. */
  readonly keys: readonly { readonly text: string; readonly key: Key }[];
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Reading {
  readonly slice: Slice;
  readonly grain: Grain;
  readonly metrics: readonly ReportColumn[];
  readonly now: Date;
}

/** The rows as lines. */
export function linesOf({ rows }: Breakdown, reading: Reading): readonly Line[] {
  const largest = new Map(reading.metrics.map((column) => [column.name, Math.max(0, ...rows.map(({ metrics }) => valueOf(metrics, column)?.value ?? 0))]));
  return rows.map(({ keys, metrics }) => {
    const narrowed = sliceOf(keys, reading);
    return {
      id: keys.map((key) => key.start ?? filterId(key)).join("\n"),
      keys: keys.map((key) => ({ key, text: nameKey(key, reading.grain, reading.slice.timezone) })),
      cells: cellsOf(metrics, reading, narrowed, largest),
    };
  });
}

/** The line of the whole slice: its numbers are those of all facts, never of the rows. */
export const wholeLine = (metrics: Values, reading: Reading): Line => ({ id: "", keys: [], cells: cellsOf(metrics, reading, reading.slice, new Map()) });

function cellsOf(metrics: Values, { metrics: infos }: Reading, slice: Slice | null, largest: ReadonlyMap<string, number>): Line["cells"] {
  return Object.fromEntries(infos.map((info) => [info.name, cellOf(valueOf(metrics, info), info, slice, largest.get(info.name) ?? 0)]));
}

function cellOf(value: Value | null, info: ReportColumn, slice: Slice | null, largest: number): Cell {
  if (value === null) return { text: "—", note: "Your role does not show this.", change: null, part: 0, address: null };
  const { value: number, count, suppressed, reason, previous = null, change = null } = value;
  const form = formOf(info.unit);
  const behind = count === null || info.unit === "TICKETS" || info.unit === "EVENTS" ? "" : `, of ${formatCount(count)}`;
  return {
    text: formatValue(number, info.unit, suppressed),
    note: number === null ? (reason ?? "It cannot be known.") : form.exact(number) + behind,
    change: describeChange({ change, count, previous }, info.better, formatValue(previous, info.unit)),
    part: number === null || largest === 0 ? 0 : number / largest,
    address: slice === null || number === null || suppressed ? null : addressFor("/tickets", slice, parametersOf(info.metric, info.detail)),
  };
}

/** The slice of one row; null where an address cannot say it. */
export function sliceOf(keys: Row["keys"], { slice, grain, now }: Pick<Reading, "slice" | "grain" | "now">): Slice | null {
  return keys.reduce<Slice | null>((narrowed, key) => {
    const group = groupOf(key);
    if (narrowed === null) return null;
    if (isDimension(group)) return withFilter(narrowed, group, [filterId(key)]);
    return group === "time" && key.start !== null ? within(narrowed, key.start, grain, now) : null;
  }, slice);
}

/** The days of a bucket that lie in the period. */
function within(slice: Slice, start: string, grain: Grain, now: Date): Slice | null {
  const { period } = slice;
  if (grain === "HOUR" || ("since" in period && !(isDay(period.since) && isDay(period.until)))) return null;
  const days = daysOf(period, slice.timezone, now);
  const bucket = selectBuckets([start], grain, 0, 0);
  if (!("since" in bucket)) return null;
  const since = bucket.since < days.first ? days.first : bucket.since;
  const until = bucket.until > days.after ? days.after : bucket.until;
  return until > since ? { ...slice, period: { since, until: isDay(until) ? until : addDays(since, 1) } } : null;
}
