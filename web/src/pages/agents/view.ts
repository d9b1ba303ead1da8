// What Agents shows, made of its answer.

import type { Whole } from "../../api/client";
import { formatOrder, type Order } from "../../filters/order";
import type { Paging } from "../../filters/paging";
import { variablesOf, type Slice } from "../../filters/slice";
import { formatCount } from "../../figures/numbers";
import { formOf } from "../../figures/values";
import type { Asked } from "../../parts/export/order";
import type { AgentsQuery, AgentsQueryVariables, MetricName, OrderBy, TogetherFragment, Unit } from "../../graphql/graphql";
import { silenceOf } from "./benchmark";

export type AgentsAnswer = Whole<AgentsQuery>;
type Given = NonNullable<AgentsAnswer["report"]["agents"]>["rows"][number];
export type Person = NonNullable<Given["agent"]>;

type Name = Exclude<keyof TogetherFragment, "__typename">;
type Part = "value" | "median" | "p90" | "average" | "count";

/** A number of an agent: which metric's, and what of it. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly metric: Name;
  readonly part: Part;
  readonly unit: Unit;
  /** What its count counts. */
  readonly facts: string;
}

const measure = (id: string, label: string, metric: Name, part: Part, unit: Unit, facts = "tickets"): Measure => ({ id, label, metric, part, unit, facts });

/** In the order in which they stand. */
export const MEASURES: readonly Measure[] = [
  measure("ticketsCreated", "Created", "ticketsCreated", "value", "TICKETS"),
  measure("ticketsResolved", "Resolved", "ticketsResolved", "value", "TICKETS"),
  measure("openTickets", "Open", "openTickets", "value", "TICKETS"),
  measure("responses", "First responses", "avgResponseTime", "count", "EVENTS", "first responses"),
  measure("responseMedian", "First response, median", "avgResponseTime", "median", "SECONDS", "first responses"),
  measure("avgResponseTime", "First response, mean", "avgResponseTime", "value", "SECONDS", "first responses"),
  measure("responseP90", "First response, p90", "avgResponseTime", "p90", "SECONDS", "first responses"),
  measure("resolutionMedian", "Resolution, median", "avgResolutionTime", "median", "SECONDS", "resolutions"),
  measure("avgResolutionTime", "Resolution, mean", "avgResolutionTime", "value", "SECONDS", "resolutions"),
  measure("resolutionP90", "Resolution, p90", "avgResolutionTime", "p90", "SECONDS", "resolutions"),
  measure("resolutionRate", "Within target", "resolutionRate", "value", "RATIO", "resolutions with a target"),
  measure("csatScore", "CSAT", "csatScore", "value", "RATIO", "ratings"),
  measure("ratingAverage", "Rating, average", "csatScore", "average", "SCORE", "ratings"),
  measure("ratings", "Ratings", "csatScore", "count", "EVENTS", "ratings"),
];

export const USUAL: readonly string[] = ["team", "ticketsCreated", "ticketsResolved", "openTickets", "responseMedian", "avgResponseTime", "avgResolutionTime", "resolutionRate", "csatScore"];

/** The measures that a viewer sees: ratings of single agents need a capability. */
export const measuresFor = (canSeeRatings: boolean): readonly Measure[] => MEASURES.filter(({ metric }) => canSeeRatings || metric !== "csatScore");

/** What the gateway orders agents by: whole metrics, and the name. */
export const SORTS: readonly string[] = ["name", "ticketsCreated", "ticketsResolved", "openTickets", "avgResponseTime", "avgResolutionTime", "resolutionRate", "csatScore"];

export const sortOf = ({ metric, part }: Measure): string | undefined => (part === "value" ? metric : undefined);

export const USUAL_ORDER: Order = { name: "ticketsResolved", isDescending: true };

const constantOf = (name: string): MetricName => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as MetricName;

/** An order as the gateway takes it. */
export function orderInput({ name, isDescending }: Order): OrderBy[] {
  const direction = isDescending ? "DESC" : "ASC";
  return [name === "name" ? { dimension: "AGENT", direction } : { metric: constantOf(name), direction }];
}

export interface Ask {
  readonly order: Order;
  readonly paging: Paging;
  readonly search: string | null;
  readonly canSeeRatings: boolean;
  readonly hasBenchmark: boolean;
}

/** Which of the agents are shown. */
export const listOf = ({ order, paging, search, canSeeRatings }: Ask) => ({
  first: paging.limit,
  after: paging.cursor,
  orderBy: orderInput(order),
  search,
  ratings: canSeeRatings,
});

/** What Agents asks for. */
export const agentsVariables = (slice: Slice, ask: Ask): AgentsQueryVariables => ({
  ...variablesOf(slice),
  ...listOf(ask),
  benchmark: ask.hasBenchmark,
});

/** What an export of the table is asked for, all its pages in one. */
export const exportedOf = ({ order, search }: Pick<Ask, "order" | "search">): Asked => ({
  members: { sort: formatOrder(order), ...(search && { search }) },
  words: search ? `All agents that “${search}” finds, in the order of the table` : "All agents, in the order of the table",
});

/** A metric's numbers, of one row or of all. */
export interface Numbers {
  readonly value: number | null;
  readonly count: number | null;
  readonly median?: number | null;
  readonly p90?: number | null;
  readonly average?: number | null;
  readonly reason?: string | null;
}

export interface AgentLine {
  readonly kind: "agent" | "unassigned" | "all" | "benchmark";
  readonly id: string;
  readonly label: string;
  readonly person: Person | null;
  readonly numbers: Readonly<Partial<Record<Name, Numbers | null>>>;
}

const counted = (value: number | null): Numbers => ({ value, count: value });

function numbersOf(row: Given): AgentLine["numbers"] {
  const { responseTime, resolutionTime, rating } = row;
  return {
    ticketsCreated: counted(row.ticketsCreated),
    ticketsResolved: counted(row.ticketsResolved),
    openTickets: counted(row.openTickets),
    avgResponseTime: { ...responseTime, value: responseTime.mean },
    avgResolutionTime: { ...resolutionTime, value: resolutionTime.mean },
    resolutionRate: row.resolutionRate,
    csatScore: rating ? { ...rating, value: rating.csatScore } : null,
  };
}

/** One line an agent; work of nobody is one, too. */
export const agentLines = ({ report }: AgentsAnswer): readonly AgentLine[] =>
  (report.agents?.rows ?? []).map((row) => ({
    kind: row.agent ? "agent" : "unassigned",
    id: row.agent?.id ?? "",
    label: row.agent?.name ?? "Unassigned",
    person: row.agent,
    numbers: numbersOf(row),
  }));

/** The lines below: all of the slice, and the team for comparison. Those found by a search have no sum. */
export function footLines({ report }: AgentsAnswer, isSearch: boolean): readonly AgentLine[] {
  const { agents, metrics, benchmark } = report;
  const all: AgentLine = { kind: "all", id: "all", label: "All", person: null, numbers: metrics };
  const team = benchmark && silenceOf(benchmark) === null && { kind: "benchmark" as const, id: "benchmark", label: `Team ${benchmark.team.name}`, person: null, numbers: benchmark.metrics };
  return [...((agents?.total ?? 0) > 1 && !isSearch ? [all] : []), ...(team ? [team] : [])];
}

export interface Cell {
  readonly value: number | null;
  /** What stands behind it, or why there is nothing. */
  readonly note: string;
  /** Whether anything does. */
  readonly hasFacts: boolean;
}

/** A measure's number of a line. */
export function cellOf({ numbers }: AgentLine, { metric, part, unit, facts }: Measure): Cell {
  const given = numbers[metric];
  const value = given?.[part] ?? null;
  if (value === null) return { value, note: given?.reason ?? `There are no ${facts}.`, hasFacts: false };
  const of = part === "count" || unit === "TICKETS" || given?.count == null ? ` ${facts}` : ` of ${formatCount(given.count)} ${facts}`;
  return { value, note: formOf(unit).exact(value) + of, hasFacts: (given?.count ?? value) > 0 };
}

/** The largest number that an agent has of each measure that is drawn as a bar. A share's is 1; one agent alone has no largest. */
export function scalesOf(lines: readonly AgentLine[], measures: readonly Measure[]): ReadonlyMap<string, number> {
  const agents = lines.filter(({ kind }) => kind === "agent");
  const drawn = measures.filter(({ unit, part }) => part === "value" && (unit === "RATIO" || (unit === "TICKETS" && agents.length > 1)));
  return new Map(drawn.map((one) => [one.id, one.unit === "RATIO" ? 1 : Math.max(1, ...agents.map((line) => cellOf(line, one).value ?? 0))]));
}

/** How an order is kept in the address: the usual one is left out. */
export const orderText = (order: Order): string | null => (formatOrder(order) === formatOrder(USUAL_ORDER) ? null : formatOrder(order));
