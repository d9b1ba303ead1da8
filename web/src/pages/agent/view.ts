// What an agent's page shows, made of its answer.

import type { Whole } from "../../api/client";
import type { Fault } from "../../api/faults";
import { watchedOf, type Watch, type WatchedSlice } from "../../api/use_live";
import { FLOW_HUES, type Hue } from "../../charts/colours";
import type { Line, Timeline } from "../../charts/timeline";
import { daysBetween } from "../../filters/days";
import { daysOf } from "../../filters/periods";
import { filterInput, variablesOf, withFilter, type Slice } from "../../filters/slice";
import { formatShare } from "../../figures/numbers";
import { formatValue } from "../../figures/values";
import { AgentChangesDocument, type AgentChangesSubscriptionVariables, type AgentQuery, type AgentQueryVariables, type CourseFragment, type Grain, type WorkFragment } from "../../graphql/graphql";

export type AgentAnswer = Whole<AgentQuery>;
export type WorkName = Exclude<keyof WorkFragment, "__typename">;

export const GRAINS = { day: "Day", week: "Week", month: "Month" } as const;
export type GrainName = keyof typeof GRAINS;

export const GRAIN_NAMES = Object.keys(GRAINS) as readonly GrainName[];

/** Buckets in which the work of one person is readable. */
export function grainOf(slice: Slice, now: Date): GrainName {
  const days = daysOf(slice.period, slice.timezone, now);
  const count = daysBetween(days.first, days.after);
  return count <= 14 ? "day" : count <= 400 ? "week" : "month";
}

export interface Ask {
  readonly id: string;
  readonly grain: GrainName;
  readonly canSeeRatings: boolean;
  /** Whether the viewer sees its own tickets alone: then a team is shown as a benchmark. */
  readonly isSelf: boolean;
}

/** What an agent's page asks for. */
export function agentVariables(slice: Slice, { id, grain, canSeeRatings, isSelf }: Ask): AgentQueryVariables {
  const agent = filterInput({ agent: [id] }) ?? {};
  return {
    ...variablesOf(withFilter(slice, "agent", [id])),
    others: filterInput(withFilter(slice, "agent", []).filter),
    agent,
    grain: grain.toUpperCase() as Grain,
    ratings: canSeeRatings,
    teams: !isSelf,
    benchmark: isSelf,
  };
}

/** What is watched: the agent's own numbers, and where they are shown, those of the teams. */
export function agentWatches(slice: Slice, ask: Ask, can: (capability: string) => boolean): readonly AgentWatch[] {
  const { grain, ratings, teams } = agentVariables(slice, ask);
  const watchOf = (one: Slice, own: boolean): AgentWatch => ({ document: AgentChangesDocument, variables: { ...watchedOf(one, can), grain, ratings, own, teams: !own } });
  const own = watchOf(withFilter(slice, "agent", [ask.id]), true);
  return teams ? [own, watchOf(withFilter(slice, "agent", []), false)] : [own];
}

type AgentWatch = Watch<WatchedSlice & AgentChangesSubscriptionVariables>;

/** Who it is; null where the last year has nothing of theirs. */
export const personOf = ({ person }: AgentAnswer) => person?.agents?.rows[0]?.agent ?? null;

export type Person = NonNullable<ReturnType<typeof personOf>>;

/** Why nothing is told of them: the address names nobody. */
export const strangerFault = (faults: readonly Fault[]): Fault | null => faults.find(({ path }) => path === "person.agents") ?? null;

interface Team {
  /** null of a benchmark, whose tickets are not told. */
  readonly id: string | null;
  readonly name: string;
  readonly metrics: WorkFragment;
  readonly course: CourseFragment | null;
}

/** The agent's team: its numbers in the slice, or its benchmark. */
export function teamOf(data: AgentAnswer): Team | null {
  const { benchmark } = data.report;
  if (benchmark) return { id: null, name: benchmark.team.name, metrics: benchmark.metrics, course: null };
  const team = personOf(data)?.team;
  const row = data.teams?.breakdown?.rows.find(({ keys }) => keys[0]?.id === team?.id);
  if (!team || !row) return null;
  const group = data.teams?.series?.groups.find(({ key }) => key?.id === team.id);
  return { id: team.id, name: team.name, metrics: row.metrics, course: group?.metrics ?? null };
}

/** What the team's numbers are of; null where its tickets are not told. */
export function teamSlice(data: AgentAnswer, slice: Slice): Slice | null {
  const id = teamOf(data)?.id ?? null;
  return id === null ? null : withFilter(withFilter(slice, "agent", []), "team", [id]);
}

/** The figures, in the order in which they stand. */
export const FIGURES: readonly WorkName[] = ["ticketsResolved", "avgResponseTime", "resolutionRate", "csatScore", "ticketsCreated", "openTickets", "avgResolutionTime", "reopenRate"];

export interface WorkFigure {
  readonly name: WorkName;
  readonly value: WorkFragment[WorkName] | null;
  readonly fault: Fault | null;
  /** The team's number in words, and why it is missing. */
  readonly team: { readonly text: string; readonly reason: string | null } | null;
}

export function workFigures(data: AgentAnswer, faults: readonly Fault[], canSeeRatings: boolean): readonly WorkFigure[] {
  const team = teamOf(data);
  return FIGURES.filter((name) => name !== "csatScore" || canSeeRatings).map((name) => ({
    name,
    value: data.report.metrics[name] ?? null,
    fault: faults.find(({ path }) => path === `report.metrics.${name}`) ?? null,
    team: team && compared(data.report.metrics[name] ?? null, team.metrics[name] ?? null),
  }));
}

/** A count beside its team's is a share of it; a mean or a share stands beside the team's own. */
function compared(own: WorkFragment[WorkName] | null, team: WorkFragment[WorkName] | null): WorkFigure["team"] {
  if (!team) return null;
  if (team.value === null) return { text: `team ${formatValue(null, team.unit)}`, reason: team.reason };
  if (team.unit !== "TICKETS") return { text: `team ${formatValue(team.value, team.unit)}`, reason: null };
  if (own?.value == null || team.value === 0) return { text: `team ${formatValue(team.value, team.unit)}`, reason: null };
  return { text: `${formatShare(own.value / team.value)} of the team’s ${formatValue(team.value, team.unit)}`, reason: null };
}

type CourseName = Exclude<keyof CourseFragment, "__typename">;

interface Shown {
  readonly name: CourseName;
  readonly unit: Timeline["unit"];
  readonly hue: Hue;
}

function frame({ report: { series } }: AgentAnswer, asked: AgentQueryVariables): Omit<Timeline, "unit" | "lines"> {
  return { starts: series?.starts ?? [], isPartial: series?.isPartial ?? [], grain: asked.grain, zone: asked.timezone, fromZero: true };
}

/** A mean or share of the agent over time, and beside it the team's. */
function besideTeam(data: AgentAnswer, asked: AgentQueryVariables, slice: Slice, { name, unit, hue }: Shown): Timeline {
  const team = teamOf(data);
  const lines: Line[] = [{ label: personOf(data)?.name ?? "Agent", values: data.report.series?.groups[0]?.metrics[name]?.values ?? [], hue, behind: { metric: name } }];
  const others = team?.course?.[name]?.values;
  if (team && others) lines.push({ label: `Team ${team.name}`, values: others, hue: "--hue-grey", behind: { metric: name }, slice: teamSlice(data, slice) ?? slice });
  return { ...frame(data, asked), unit, lines };
}

/** What came to the agent and what they resolved. */
export function volumeOverTime(data: AgentAnswer, asked: AgentQueryVariables): Timeline {
  const course = data.report.series?.groups[0]?.metrics;
  return {
    ...frame(data, asked),
    unit: "TICKETS",
    lines: [
      { label: "Created", values: course?.ticketsCreated?.values ?? [], hue: FLOW_HUES.created, behind: { metric: "ticketsCreated" } },
      { label: "Resolved", values: course?.ticketsResolved?.values ?? [], hue: FLOW_HUES.resolved, behind: { metric: "ticketsResolved" } },
    ],
  };
}

export const responseOverTime = (data: AgentAnswer, asked: AgentQueryVariables, slice: Slice): Timeline =>
  besideTeam(data, asked, slice, { name: "avgResponseTime", unit: "SECONDS", hue: "--hue-blue" });

export const targetOverTime = (data: AgentAnswer, asked: AgentQueryVariables, slice: Slice): Timeline =>
  besideTeam(data, asked, slice, { name: "resolutionRate", unit: "RATIO", hue: "--hue-green" });

/** Whether the agent did nothing and was given nothing in the slice. */
export const isEmpty = ({ report: { metrics } }: AgentAnswer): boolean =>
  [metrics.ticketsCreated, metrics.ticketsResolved, metrics.openTickets, metrics.avgResponseTime].every((one) => (one?.count ?? one?.value ?? 0) === 0);
