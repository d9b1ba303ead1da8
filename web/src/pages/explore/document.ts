// What is asked of the gateway for a choice, as text that people read, copy and run.

import { WrittenDocument } from "../../api/client";
import { daysOf, grainFor } from "../../filters/periods";
import { variablesOf, type Slice, type SliceVariables } from "../../filters/slice";
import type { Grain } from "../../graphql/graphql";
import type { WatchedSlice } from "../../api/use_live";
import type { ExploreAnswer, ExploreChange } from "./answer";
import type { Bound, Choice, Sort, ViewName } from "./choice";
import { isDetail, metricOf } from "./columns";
import { viewOf } from "./fitting";
import { GROUPS, isGroup } from "./groups";

export interface Question {
  readonly document: WrittenDocument<ExploreAnswer, SliceVariables>;
  /** The same as a subscription, without what is compared: that changes with the clock alone. */
  readonly watched: WrittenDocument<ExploreChange, WatchedSlice>;
  readonly variables: SliceVariables;
  readonly view: ViewName;
  readonly grain: Grain;
}

/** So many cells a heatmap has at most, which is what one answer brings. */
export const MAX_CELLS = 500;

/** A choice and a slice as one request. */
export function questionOf(choice: Choice, slice: Slice, now: Date): Question {
  const view = viewOf(choice);
  const grain = grainOf(choice, slice, now);
  const body = [
    "    metrics {",
    ...metricLines(choice.metrics, "...Shown", 6),
    "    }",
    ...(view === "line" ? seriesLines(choice, grain) : breakdownLines(choice, view, grain)),
    TAIL,
  ];
  const text = [HEAD, ...body, ...valueLines(slice.compareTo !== "none")].join("\n");
  const watched = [WATCHED_HEAD, ...body, ...valueLines(false)].join("\n");
  return { document: new WrittenDocument(`${text}\n`), watched: new WrittenDocument(`${watched}\n`), variables: variablesOf(slice), view, grain };
}

/** How wide the buckets are: as chosen, else as the period asks for. */
export const grainOf = ({ grain }: Choice, { period, timezone }: Slice, now: Date): Grain =>
  grain === null ? grainFor(daysOf(period, timezone, now)) : (grain.toUpperCase() as Grain);

/** avgResponseTime as AVG_RESPONSE_TIME. */
export const enumOf = (metric: string): string => metric.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The order of rows: as chosen, else by the first metric (of a detail, its metric's) where no group has an order of its own. */
export function sortOf({ sort, by, metrics }: Choice, view: ViewName): Sort | null {
  if (view === "heatmap") return null;
  if (sort !== null) return sort;
  if (by.some((name) => GROUPS[name].isOrdered)) return null;
  return { by: metrics.find((name) => !isDetail(name)) ?? metricOf(metrics[0] ?? ""), isDescending: true };
}

const HEAD = `query Explore(
  $period: PeriodInput!
  $timezone: String!
  $filter: TicketFilter
  $compareTo: [Comparison!]
  $attribution: Attribution!
  $clock: Clock!
) {
  report(
    period: $period
    timezone: $timezone
    filter: $filter
    compareTo: $compareTo
    attribution: $attribution
    clock: $clock
  ) {
    period {
      since
      until
      timezone
      preset
    }
    comparisons {
      kind
      since
      until
    }
    asOf
    dataVersion
    attribution
    clock`;

const WATCHED_HEAD = `subscription ExploreChanges(
  $period: PeriodInput!
  $timezone: String!
  $filter: TicketFilter
  $attribution: Attribution!
  $clock: Clock!
) {
  reportChanged(
    period: $period
    timezone: $timezone
    filter: $filter
    attribution: $attribution
    clock: $clock
  ) {
    dataVersion`;

const TAIL = `  }
}
`;

const valueLines = (isCompared: boolean): readonly string[] => [
  "fragment Shown on MetricValue {",
  ...["value", "count", ...(isCompared ? ["previous", "change"] : []), "suppressed", "reason"].map((name) => `  ${name}`),
  "}",
];

/** Each metric once, with what stands beside it. */
function metricLines(columns: readonly string[], selection: string, indent: number): readonly string[] {
  const space = " ".repeat(indent);
  const metrics = [...new Set(columns.map(metricOf))];
  return metrics.flatMap((metric) => {
    const details = columns.filter((name) => isDetail(name) && metricOf(name) === metric).map((name) => name.slice(metric.length + 1));
    return [`${space}${metric} {`, ...[...selection.split(" "), ...details].map((field) => `${space}  ${field}`), `${space}}`];
  });
}

const KEY = ["dimension", "id", "label", "start"];

function seriesLines({ metrics, by }: Choice, grain: Grain): readonly string[] {
  const other = by.find((name) => name !== "time");
  return [
    `    series(grain: ${grain}${other ? `, by: ${GROUPS[other].dimension}` : ""}) {`,
    "      starts",
    "      isPartial",
    "      groups {",
    ...["key {", ...KEY.map((name) => `  ${name}`), "}", "metrics {"].map((line) => `        ${line}`),
    ...metricLines(metrics, "values counts", 10),
    "        }",
    "      }",
    "    }",
  ];
}

function breakdownLines(choice: Choice, view: ViewName, grain: Grain): readonly string[] {
  const { by, metrics, bounds, paging } = choice;
  const sort = sortOf(choice, view);
  const given = [
    `by: [${by.map((name) => GROUPS[name].dimension).join(", ")}]`,
    ...(by.includes("time") ? [`grain: ${grain}`] : []),
    `first: ${view === "heatmap" ? MAX_CELLS : paging.limit}`,
    ...(paging.cursor !== null && view !== "heatmap" ? [`after: ${JSON.stringify(paging.cursor)}`] : []),
    ...(sort ? [`orderBy: [${orderOf(sort)}]`] : []),
    ...(bounds.length > 0 ? [`having: [${bounds.map(havingOf).join(", ")}]`] : []),
  ];
  return [
    "    breakdown(",
    ...given.map((argument) => `      ${argument}`),
    "    ) {",
    "      total",
    "      nextCursor",
    "      rows {",
    ...["keys {", ...KEY.map((name) => `  ${name}`), "}", "metrics {"].map((line) => `        ${line}`),
    ...metricLines(metrics, "...Shown", 10),
    "        }",
    "      }",
    "    }",
  ];
}

function orderOf({ by, isDescending }: Sort): string {
  const what = isGroup(by) ? `dimension: ${GROUPS[by].dimension}` : `metric: ${enumOf(by)}`;
  return `{${what}, direction: ${isDescending ? "DESC" : "ASC"}}`;
}

function havingOf({ metric, gte, lte }: Bound): string {
  const ends = [gte === null ? "" : `, gte: ${gte}`, lte === null ? "" : `, lte: ${lte}`];
  return `{metric: ${enumOf(metric)}${ends.join("")}}`;
}
