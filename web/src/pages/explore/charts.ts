// A composed report as lines over time, and as a heatmap.

import { categoryHues, GREY, PRIORITY_HUES, STATUS_HUES, type Hue } from "../../charts/colours";
import type { Line, Timeline } from "../../charts/timeline";
import { dimensionInfo } from "../../filters/dimensions";
import type { Grain } from "../../graphql/graphql";
import type { Breakdown, Group, Series } from "./answer";
import type { Narrowed } from "../tickets/row";
import { valueOf, type ReportColumn } from "./columns";
import { filterId, groupOf, GROUPS, isDimension, nameKey, type GroupName, type Key } from "./groups";

const MAX_LINES = 7;
const METRIC_HUES: readonly Hue[] = ["--hue-blue", "--hue-green", "--hue-vermilion", "--hue-purple", "--hue-orange", "--hue-sky", "--hue-yellow"];

export interface LineChart {
  readonly title: string;
  readonly metrics: readonly ReportColumn[];
  readonly timeline: Timeline;
  /** How many groups have no line of their own. */
  readonly left: number;
  /** Whether those are summed up in a line. */
  readonly hasOthers: boolean;
}

const keysOf = (groups: readonly Group[]): readonly Key[] => groups.flatMap(({ key }) => (key ? [key] : []));

const COUNTED: ReadonlySet<Timeline["unit"]> = new Set(["TICKETS", "EVENTS"]);
const isCount = ({ unit }: ReportColumn): boolean => COUNTED.has(unit);

/** Whether a line has nothing to show: no number, or nothing counted. */
export const isFlat = ({ timeline: { lines, unit } }: LineChart): boolean => lines.every(({ values }) => values.every((value) => value === null || (value === 0 && COUNTED.has(unit))));

/** What the numbers of groups are of, all together; null where an address cannot say it. */
export type PlaceOf = (keys: readonly Key[]) => Narrowed | null;

/** Whose facts a line's numbers are of. */
const behind = ({ metric }: ReportColumn, place: Narrowed | null): Pick<Line, "behind" | "slice"> => (place ? { behind: { metric, ...place.own }, slice: place.slice } : {});

/** One chart a unit for the whole; one a metric where there are groups. */
export function lineCharts(series: Series, metrics: readonly ReportColumn[], grain: Grain, zone: string, place: PlaceOf): readonly LineChart[] {
  const [group] = series.groups;
  const { starts, isPartial } = series;
  const base = { starts, isPartial, grain, zone, fromZero: true };
  if (group?.key == null) {
    return byUnit(metrics).map((alike) => {
      const lines = alike.map((info, at): Line => ({ label: info.label, hue: METRIC_HUES[at % METRIC_HUES.length] ?? GREY, values: group?.metrics[info.name]?.values ?? [], behind: { metric: info.metric } }));
      return { title: alike.map(({ label }) => label).join(" · "), metrics: alike, timeline: { ...base, unit: unitOf(alike), lines }, left: 0, hasOthers: false };
    });
  }
  return metrics.map((info) => {
    const ranked = series.groups.toSorted((one, other) => sizeOf(other, info) - sizeOf(one, info));
    const isSummed = isCount(info) && group.key !== null && groupOf(group.key) !== "tag";
    const drawn = ranked.length > MAX_LINES ? ranked.slice(0, MAX_LINES - (isSummed ? 1 : 0)) : ranked;
    const rest = ranked.slice(drawn.length);
    const hueOf = huesOf(keysOf(drawn), keysOf(series.groups));
    const lines = drawn.flatMap(({ key, metrics: columns }): Line[] => (key ? [{ label: nameKey(key, grain, zone), hue: hueOf(key), values: columns[info.name]?.values ?? [], ...behind(info, place([key])) }] : []));
    const hasOthers = rest.length > 0 && isSummed;
    if (hasOthers) lines.push({ label: `${rest.length} others`, hue: GREY, values: summed(rest, info, starts.length), ...behind(info, place(keysOf(rest))) });
    return { title: info.label, metrics: [info], timeline: { ...base, unit: info.unit, lines }, left: rest.length, hasOthers };
  });
}

function byUnit(metrics: readonly ReportColumn[]): readonly (readonly ReportColumn[])[] {
  const units = [...new Set(metrics.map(({ unit }) => unit))];
  return units.map((unit) => metrics.filter((info) => info.unit === unit));
}

const unitOf = ([first]: readonly ReportColumn[]): Timeline["unit"] => first?.unit ?? "TICKETS";

/** How many facts a group has: of what is counted, and of what stands behind a mean. */
const sizeOf = ({ metrics }: Group, { name }: ReportColumn): number => (metrics[name]?.counts ?? []).reduce<number>((sum, count) => sum + (count ?? 0), 0);

const summed = (groups: readonly Group[], { name }: ReportColumn, length: number): readonly (number | null)[] =>
  Array.from({ length }, (_, at) => groups.reduce<number | null>((sum, { metrics }) => {
    const value = metrics[name]?.values[at] ?? null;
    return sum === null || value === null ? null : sum + value;
  }, 0));

/** The colours of groups in one chart: each its own of the whole product, or the next that is free. */
function huesOf(drawn: readonly Key[], all: readonly Key[]): (key: Key) => Hue {
  const own = categoryHues(all.map(({ id }) => id));
  const taken = new Map<string, Hue>();
  for (const key of drawn) {
    const fixed = fixedHue(key);
    const wanted = fixed ?? own.get(key.id) ?? GREY;
    const used = new Set(taken.values());
    const hue = fixed === undefined && key.id !== null && used.has(wanted) ? (METRIC_HUES.find((one) => !used.has(one)) ?? wanted) : wanted;
    taken.set(markOf(key), hue);
  }
  return (key) => taken.get(markOf(key)) ?? GREY;
}

function fixedHue(key: Key): Hue | undefined {
  const group = groupOf(key);
  if (key.id === null) return GREY;
  return group === "priority" ? PRIORITY_HUES[key.id.toLowerCase()] : group === "status" ? STATUS_HUES[key.id.toUpperCase()] : undefined;
}

export interface Crossing {
  readonly rows: readonly Key[];
  readonly columns: readonly Key[];
  readonly rowGroup: GroupName;
  readonly columnGroup: GroupName;
  readonly valuesOf: (column: ReportColumn) => readonly (readonly (number | null)[])[];
  /** The keys of a cell. */
  readonly keysOf: (row: number, column: number) => readonly Key[];
}

/** Two dimensions crosswise: time, hours and what else is short lie along the columns. A pair without a row is null. */
export function crossingOf({ rows }: Breakdown, by: readonly GroupName[]): Crossing {
  const sides = by.map((name, at) => ({ name, at, keys: sortedKeys(rows.map(({ keys }) => keys[at]).filter((key) => key !== undefined)) }));
  const [column, row] = sides.toSorted((one, other) => width(one) - width(other));
  if (!column || !row) throw new Error("A heatmap has two dimensions.");
  const found = new Map(rows.map(({ keys, metrics }) => [pair(keys[row.at], keys[column.at]), metrics]));
  return {
    rows: row.keys,
    columns: column.keys,
    rowGroup: row.name,
    columnGroup: column.name,
    valuesOf: (shown) => row.keys.map((one) => column.keys.map((other) => valueOf(found.get(pair(one, other)), shown)?.value ?? null)),
    keysOf: (one, other) => [row.keys[one], column.keys[other]].filter((key) => key !== undefined),
  };
}

const ALONG: readonly GroupName[] = ["time", "hour_of_day", "day_of_week", "priority", "channel", "status"];

const width = ({ name, keys }: { name: GroupName; keys: readonly Key[] }): number => {
  const place = ALONG.indexOf(name);
  return place >= 0 ? place : ALONG.length + keys.length;
};

const markOf = (key: Key | undefined): string => key?.start ?? (key ? filterId(key) : "");
const pair = (one: Key | undefined, other: Key | undefined): string => `${markOf(one)}\n${markOf(other)}`;

function sortedKeys(keys: readonly Key[]): readonly Key[] {
  const distinct = [...new Map(keys.map((key) => [markOf(key), key])).values()];
  return distinct.toSorted((one, other) => {
    if (one.start !== null && other.start !== null) return one.start < other.start ? -1 : 1;
    if (one.id === null || other.id === null) return Number(one.id === null) - Number(other.id === null);
    return rankOf(one) - rankOf(other) || (one.label ?? "").localeCompare(other.label ?? "");
  });
}

/** Where a value stands among its like, where it has an order of its own. */
function rankOf(key: Key): number {
  const group = groupOf(key);
  if (!GROUPS[group].isOrdered || key.id === null) return 0;
  const words = isDimension(group) ? dimensionInfo(group).words : undefined;
  return words ? words.findIndex(({ id }) => id === key.id?.toLowerCase()) : Number(key.id);
}
