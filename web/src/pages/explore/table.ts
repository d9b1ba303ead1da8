// The rows of a composed report, as a table or as bars.

import { bucketPeriod, comparedSlice, type Bounds } from "../../filters/bucket";
import { withFilter, type Slice } from "../../filters/slice";
import { addressFor } from "../../filters/use_slice";
import { describeChange, type Change } from "../../figures/changes";
import { formatCount } from "../../figures/numbers";
import { formOf, formatValue } from "../../figures/values";
import type { Grain } from "../../graphql/graphql";
import type { Breakdown, Row, Value, Values } from "./answer";
import { parametersOf } from "../tickets/number";
import { narrowed, type Keyed, type Narrowed } from "../tickets/row";
import { valueOf, type ReportColumn } from "./columns";
import { filterId, groupOf, isDimension, nameKey, type Key } from "./groups";

export interface Cell {
  readonly text: string;
  /** The exact number, how many stand behind it, or why it is not there. */
  readonly note: string;
  readonly change: Change | null;
  /** Of the largest number of its column, from 0 to 1. */
  readonly part: number;
  /** Where its tickets are; null where there is no number. */
  readonly address: string | null;
  /** Where the tickets are that it is compared with. */
  readonly before: string | null;
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
  /** The instants that the report is of, and those of what it is compared with. */
  readonly period: Bounds;
  readonly comparisons: readonly Bounds[];
  readonly can: (capability: string) => boolean;
}

/** The rows as lines. */
export function linesOf({ rows }: Breakdown, reading: Reading): readonly Line[] {
  const largest = new Map(reading.metrics.map((column) => [column.name, Math.max(0, ...rows.map(({ metrics }) => valueOf(metrics, column)?.value ?? 0))]));
  return rows.map(({ keys, metrics }) => {
    const place = placeOf(keys, reading);
    return {
      id: keys.map((key) => key.start ?? filterId(key)).join("\n"),
      keys: keys.map((key) => ({ key, text: nameKey(key, reading.grain, reading.slice.timezone) })),
      cells: cellsOf(metrics, reading, place, largest),
    };
  });
}

/** The line of the whole slice: its numbers are those of all facts, never of the rows. */
export const wholeLine = (metrics: Values, reading: Reading): Line => ({ id: "", keys: [], cells: cellsOf(metrics, reading, placeOf([], reading), new Map()) });

function cellsOf(metrics: Values, { metrics: infos }: Reading, place: Place, largest: ReadonlyMap<string, number>): Line["cells"] {
  return Object.fromEntries(infos.map((info) => [info.name, cellOf(valueOf(metrics, info), info, place, largest.get(info.name) ?? 0)]));
}

function cellOf(value: Value | null, info: ReportColumn, place: Place, largest: number): Cell {
  if (value === null) return { text: "—", note: "Your role does not show this.", change: null, part: 0, address: null, before: null };
  const { value: number, count, suppressed, reason, previous = null, change = null } = value;
  const form = formOf(info.unit);
  const behind = count === null || info.unit === "TICKETS" || info.unit === "EVENTS" ? "" : `, of ${formatCount(count)}`;
  return {
    text: formatValue(number, info.unit, suppressed),
    note: number === null ? (reason ?? "It cannot be known.") : form.exact(number) + behind,
    change: describeChange({ change, count, previous }, info.better, formatValue(previous, info.unit)),
    part: number === null || largest === 0 ? 0 : number / largest,
    address: number === null || suppressed ? null : numbered(place.now, info),
    before: previous === null || place.before === null ? null : numbered(place.before, info),
  };
}

/** Where the tickets of a row are, and those that it is compared with, but for the number: each written once for all its cells. */
interface Place {
  readonly now: string;
  /** null of a bucket of time: which one it is compared with an address cannot say. */
  readonly before: string | null;
}

const placed = ({ slice, own }: Narrowed): string => addressFor("/tickets", slice, own);

const numbered = (place: string, { metric, detail }: ReportColumn): string =>
  `${place}${place.includes("?") ? "&" : "?"}${Object.entries(parametersOf(metric, detail)).map(([name, value]) => `${name}=${value}`).join("&")}`;

/** Where the tickets behind a column's number are. */
export const addressIn = (place: Narrowed, column: ReportColumn): string => numbered(placed(place), column);

function placeOf(keys: Row["keys"], reading: Reading): Place {
  const { slice, comparisons, can } = reading;
  const before = keys.some(({ start }) => start !== null) ? null : comparedSlice(slice, comparisons);
  return { now: placed(narrowedBy(keys, reading)), before: before && placed(narrowed(before, keyed(keys), can)) };
}

const keyed = (keys: Row["keys"]): readonly Keyed[] => keys.filter(({ start }) => start === null).map((key): Keyed => [groupOf(key), filterId(key)]);

/** What one row is of: its groups, and its bucket's days as far as they lie in the period. */
export function narrowedBy(keys: Row["keys"], { slice, grain, period, can }: Pick<Reading, "slice" | "grain" | "period" | "can">): Narrowed {
  const start = keys.find((key) => key.start !== null)?.start;
  return narrowed(start == null ? slice : { ...slice, period: bucketPeriod(start, grain, period) }, keyed(keys), can);
}

/** What several groups of one dimension are of, taken together; null where no filter says it. */
export function together(keys: readonly Key[], reading: Pick<Reading, "slice" | "can">): Narrowed | null {
  const parts = keyed(keys).map((key) => narrowed(reading.slice, [key], reading.can));
  const [first, ...others] = parts;
  const [key] = keys;
  if (!first || !key || others.length === 0) return first ?? null;
  const group = groupOf(key);
  const isFiltered = isDimension(group) && parts.every(({ own }) => own.row === undefined);
  return isFiltered ? { slice: withFilter(reading.slice, group, keys.map(filterId)), own: {} } : null;
}
