// What Overview shows, made of its answer.

import { FLOW_HUES, type Hue } from "../../charts/colours";
import type { Line, Timeline } from "../../charts/timeline";
import type { Whole } from "../../api/client";
import type { Fault } from "../../api/faults";
import { comparedDays, daysOf, grainFor } from "../../filters/periods";
import { variablesOf, type Slice } from "../../filters/slice";
import type { NumberFragment, OverviewQuery, OverviewQueryVariables } from "../../graphql/graphql";

export type OverviewAnswer = Whole<OverviewQuery>;

export type KeyName = "openTickets" | "avgResponseTime" | "resolutionRate" | "csatScore";

export interface KeyFigure {
  readonly name: KeyName;
  readonly value: NumberFragment | null;
  readonly fault: Fault | null;
  readonly values: readonly (number | null)[];
  readonly hue: Hue;
}

const HUES: Readonly<Record<KeyName, Hue>> = {
  openTickets: FLOW_HUES.open,
  avgResponseTime: "--hue-blue",
  resolutionRate: FLOW_HUES.resolved,
  csatScore: "--hue-orange",
};

/** What Overview asks for a slice; `now` decides the days of a period that has a name. */
export function overviewVariables(slice: Slice, canSeeSatisfaction: boolean, now: Date): OverviewQueryVariables {
  const days = daysOf(slice.period, slice.timezone, now);
  const before = comparedDays(days, slice.compareTo);
  return {
    ...variablesOf(slice),
    grain: grainFor(days),
    before: { since: before.first, until: before.after },
    compared: slice.compareTo !== "none",
    satisfaction: canSeeSatisfaction,
  };
}

/** The four key figures that the viewer may see, each with its line. */
export function keyFigures(data: OverviewAnswer, faults: readonly Fault[], canSeeSatisfaction: boolean): readonly KeyFigure[] {
  const { summary, series } = data.report;
  const metrics = series?.groups[0]?.metrics;
  const names: readonly KeyName[] = ["openTickets", "avgResponseTime", "resolutionRate", "csatScore"];
  return names
    .filter((name) => name !== "csatScore" || canSeeSatisfaction)
    .map((name) => ({
      name,
      value: summary?.[name] ?? null,
      fault: faults.find(({ path }) => path === "report.summary" || path === `report.summary.${name}`) ?? null,
      values: metrics?.[name]?.values ?? [],
      hue: HUES[name],
    }));
}

type Columns = NonNullable<OverviewAnswer["report"]["series"]>["groups"][number]["metrics"];
type Named = readonly [label: string, name: "ticketsCreated" | "ticketsResolved" | "openTickets" | "unassignedTickets" | "breachedTickets", hue: Hue];

const line = (columns: Columns | undefined, [label, name, hue]: Named): Line => ({ label, values: columns?.[name]?.values ?? [], hue, behind: { metric: name } });

/** A comparison's values under those of the period, bucket by bucket. */
function beforeLine(data: OverviewAnswer, name: "ticketsCreated" | "openTickets", hue: Hue, count: number): readonly Line[] {
  const values = data.before?.series?.groups[0]?.metrics[name]?.values;
  if (!values) return [];
  return [{ label: "Before", values: Array.from({ length: count }, (_, at) => values[at] ?? null), hue, isComparison: true, behind: { metric: name } }];
}

function timeline(data: OverviewAnswer, asked: OverviewQueryVariables, lines: readonly Line[], fromZero: boolean): Timeline {
  const { starts = [], isPartial = [] } = data.report.series ?? {};
  return { starts, isPartial, grain: asked.grain, zone: asked.timezone, unit: "TICKETS", lines, fromZero };
}

/** What came in and what went out. */
export function volume(data: OverviewAnswer, asked: OverviewQueryVariables): Timeline {
  const series = data.report.series;
  const columns = series?.groups[0]?.metrics;
  const lines = [
    line(columns, ["Created", "ticketsCreated", FLOW_HUES.created]),
    line(columns, ["Resolved", "ticketsResolved", FLOW_HUES.resolved]),
    ...beforeLine(data, "ticketsCreated", FLOW_HUES.created, series?.starts.length ?? 0),
  ];
  return timeline(data, asked, lines, true);
}

/** What is left open at the end of each bucket. */
export function backlog(data: OverviewAnswer, asked: OverviewQueryVariables): Timeline {
  const series = data.report.series;
  const columns = series?.groups[0]?.metrics;
  const lines = [
    line(columns, ["Open", "openTickets", FLOW_HUES.open]),
    line(columns, ["Past target", "breachedTickets", "--hue-vermilion"]),
    line(columns, ["Unassigned", "unassignedTickets", "--hue-grey"]),
    ...beforeLine(data, "openTickets", FLOW_HUES.open, series?.starts.length ?? 0),
  ];
  return timeline(data, asked, lines, true);
}

/** Whether nothing at all happened in the slice. */
export function isEmpty({ report: { metrics } }: OverviewAnswer): boolean {
  const happened = [metrics.ticketsCreated, metrics.ticketsResolved, metrics.reopens];
  return happened.every((one) => one?.value === 0);
}
