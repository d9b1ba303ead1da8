// What Trends asks, and what it shows of volume over time, made of its answer.

import type { Whole } from "../../api/client";
import { FLOW_HUES } from "../../charts/colours";
import type { Band, Line, Mark, Timeline } from "../../charts/timeline";
import type { Bounds } from "../../filters/bucket";
import { comparedDays, daysOf } from "../../filters/periods";
import { filterInput, variablesOf, withFilter, type Slice } from "../../filters/slice";
import { formatLongDate } from "../../figures/dates";
import { formatCounted, formatWhole } from "../../figures/numbers";
import type { Asked } from "../../parts/export/order";
import type { Grain, TrendsQuery, TrendsQueryVariables } from "../../graphql/graphql";
import type { GrainName } from "./grain";

export type TrendsAnswer = Whole<TrendsQuery>;
export type Trends = NonNullable<TrendsAnswer["report"]["trends"]>;
export type Season = Trends["seasonality"];
export type Part = Season["reasons"][number]["part"];
export type Anomaly = NonNullable<Season["anomalies"]>[number];

/** What a card shows: a part of an answer, and the slice that it answers. */
export interface Showing {
  readonly data: TrendsAnswer;
  readonly trends: Trends;
  readonly slice: Slice;
  readonly zone: string;
  /** The period that lines are compared with. */
  readonly before: Bounds | null;
  readonly exported: Asked;
}

/** What an export of the page is asked for. */
export const exportedBy = (grain: GrainName): Asked => ({ members: { grain }, words: `By ${grain}` });

/** What Trends asks for a slice; `now` decides the days of a period that has a name. */
export function trendsVariables(slice: Slice, grain: Grain, now: Date): TrendsQueryVariables {
  const before = comparedDays(daysOf(slice.period, slice.timezone, now), slice.compareTo);
  return {
    ...variablesOf(slice),
    grain,
    before: { since: before.first, until: before.after },
    compared: slice.compareTo !== "none",
    anyCategory: filterInput(withFilter(slice, "category", []).filter),
    narrowed: slice.filter.category !== undefined,
  };
}

/** Why a part of the seasons is not there; null where it is. */
export function reasonOf({ reasons }: Season, part: Part): string | null {
  const reason = reasons.find((one) => one.part === part)?.reason;
  return reason ? reason.charAt(0).toUpperCase() + reason.slice(1) : null;
}

type Point = Trends["volume"][number];

/** A bucket's count; unknown where the bucket has not begun. */
const happened = (point: Point, count: number): number | null => (point.open === null ? null : count);

/** Wed 11 Mar 2026: 586 tickets, 91 expected. */
export const sentenceOf = ({ start, actual, expected }: Anomaly): string => `${formatLongDate(start)}: ${formatCounted(actual, "tickets")}, ${formatWhole(expected)} expected`;

/** The days that stood out, the strangest first. */
export const strangest = ({ anomalies }: Season): readonly Anomaly[] =>
  (anomalies ?? []).toSorted((one, other) => Math.abs(other.score) - Math.abs(one.score));

/** A comparison's values under those of the period, bucket by bucket. */
function beforeLine(data: TrendsAnswer, name: "ticketsCreated" | "openTickets", line: Pick<Line, "label" | "hue">, count: number): readonly Line[] {
  const values = data.before?.series?.groups[0]?.metrics[name]?.values;
  return values ? [{ ...line, values: Array.from({ length: count }, (_, at) => values[at] ?? null), isComparison: true, behind: { metric: name } }] : [];
}

/** Whose facts the counts of a bucket are. */
const METRICS = { created: "ticketsCreated", resolved: "ticketsResolved", reopened: "reopens" } as const;

/** What came in, went out and came back; by day with what is expected, its bands, and the days that stood out. */
export function volume(data: TrendsAnswer, trends: Trends, zone: string): Timeline {
  const points = trends.volume;
  const isDaily = trends.grain === "DAY";
  const forecast = (isDaily && trends.seasonality.forecast) || [];
  const own = points.map((point) => point.start);
  const starts = [...own, ...forecast.map((day) => day.start).filter((start) => start > (own.at(-1) ?? ""))];
  const columnOf = (pick: (day: (typeof forecast)[number]) => number): readonly (number | null)[] => {
    const byStart = new Map(forecast.map((day) => [day.start, pick(day)]));
    return starts.map((start) => byStart.get(start) ?? null);
  };
  const lineOf = (label: string, name: "created" | "resolved" | "reopened"): Line => ({
    label,
    hue: FLOW_HUES[name],
    behind: { metric: METRICS[name] },
    values: starts.map((_, at) => (points[at] ? happened(points[at], points[at][name]) : null)),
  });
  const hue = FLOW_HUES.created;
  const bands: readonly Band[] = [
    { label: "95 % range", hue, low: columnOf((day) => day.low95), high: columnOf((day) => day.high95) },
    { label: "80 % range", hue, low: columnOf((day) => day.low), high: columnOf((day) => day.high) },
  ];
  return {
    starts,
    isPartial: starts.map((_, at) => points[at]?.isPartial ?? false),
    grain: trends.grain,
    zone,
    unit: "TICKETS",
    fromZero: true,
    lines: [
      lineOf("Created", "created"),
      lineOf("Resolved", "resolved"),
      lineOf("Reopened", "reopened"),
      ...beforeLine(data, "ticketsCreated", { label: "Created before", hue }, starts.length),
      ...(forecast.length > 0 ? [{ label: "Forecast", hue, values: columnOf((day) => day.expected), isExpected: true }] : []),
    ],
    bands: forecast.length > 0 ? bands : [],
    marks: isDaily ? marksOf(trends.seasonality, starts) : [],
  };
}

/** The days that stood out, as points of a chart with these days. */
export function marksOf({ anomalies }: Season, starts: readonly string[], valueOf = (one: Anomaly): number => one.actual): readonly Mark[] {
  return (anomalies ?? []).flatMap((one) => {
    const at = starts.indexOf(one.start);
    return at < 0 ? [] : [{ at, value: valueOf(one), text: sentenceOf(one) }];
  });
}

/** What was open at the end of each bucket. */
export function backlog(data: TrendsAnswer, trends: Trends, zone: string): Timeline {
  const hue = FLOW_HUES.open;
  return {
    starts: trends.volume.map((point) => point.start),
    isPartial: trends.volume.map((point) => point.isPartial),
    grain: trends.grain,
    zone,
    unit: "TICKETS",
    fromZero: true,
    lines: [
      { label: "Open", hue, behind: { metric: "openTickets" }, values: trends.volume.map((point) => point.open) },
      ...beforeLine(data, "openTickets", { label: "Open before", hue }, trends.volume.length),
    ],
  };
}

/** How many tickets the days of the forecast are expected to have together. */
export const expectedTotal = ({ forecast }: Season): number | null => forecast?.reduce((sum, day) => sum + day.expected, 0) ?? null;

/** Whether nothing at all happened in the slice. */
export const isEmpty = ({ volume: points }: Trends): boolean =>
  points.every(({ created, resolved, reopened }) => created === 0 && resolved === 0 && reopened === 0);
