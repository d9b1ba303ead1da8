// What Tickets asks and shows: its variables, its sentence, its columns.

import { watchedOf, type Watch, type WatchedSlice } from "../../api/use_live";
import type { Fault } from "../../api/faults";
import { formatOrder, type Order } from "../../filters/order";
import type { Paging } from "../../filters/paging";
import { variablesOf, type Slice } from "../../filters/slice";
import { formatCounted } from "../../figures/numbers";
import { formatValue } from "../../figures/values";
import { TicketsChangesDocument, type ScopeKind, type TicketOrder, type TicketsChangesSubscriptionVariables, type TicketSort, type TicketsQueryVariables } from "../../graphql/graphql";
import type { Asked } from "../../parts/export/order";
import { canSeeScores } from "../../session/behind";
import type { TicketsAnswer } from "./answer";
import { askOf, METRICS, pageBehind, valueOf, wordsOf, type MetricWords, type TicketNumber } from "./number";

/** What a viewer sees of a ticket. */
export interface Sight {
  readonly identity: boolean;
  readonly agents: boolean;
  readonly scores: boolean;
  readonly comments: boolean;
}

export const sightOf = (can: (capability: string) => boolean): Sight => ({
  identity: can("organizations:identity:read"),
  agents: can("reports:agents:read"),
  scores: canSeeScores(can),
  comments: can("csat:comment:read"),
});

const SORTS: Readonly<Record<string, TicketSort>> = { at: "AT", createdAt: "CREATED_AT", duration: "DURATION", priority: "PRIORITY", score: "SCORE" };

/** What tickets can be ordered by. */
export const sortsFor = ({ scores }: Sight): readonly string[] => Object.keys(SORTS).filter((name) => scores || name !== "score");

export const USUAL_ORDER: Order = { name: "at", isDescending: true };

const orderInput = ({ name, isDescending }: Order): TicketOrder[] => [{ by: SORTS[name] ?? "AT", direction: isDescending ? "DESC" : "ASC" }];

/** How an order is kept in the address: the usual one is left out. */
export const orderText = (order: Order): string | null => (formatOrder(order) === formatOrder(USUAL_ORDER) ? null : formatOrder(order));

export interface Ask {
  readonly number: TicketNumber;
  readonly order: Order;
  readonly paging: Paging;
  readonly sight: Sight;
}

/** What Tickets asks for. */
export function ticketsVariables(slice: Slice, { number, order, paging, sight }: Ask): TicketsQueryVariables {
  const { compareTo: _, ...variables } = variablesOf(slice);
  return { ...variables, first: paging.limit, after: paging.cursor, orderBy: orderInput(order), ...sight, ...askOf(number) };
}

/** The list, as it is watched. */
export const ticketsWatch = (slice: Slice, ask: Ask, can: (capability: string) => boolean): Watch<WatchedSlice & TicketsChangesSubscriptionVariables> => ({
  document: TicketsChangesDocument,
  variables: { ...ticketsVariables(slice, ask), ...watchedOf(slice, can) },
});

/** What an export of the list is asked for, all its pages in one. */
export const exportedOf = ({ number, order }: Pick<Ask, "number" | "order">, label: string): Asked => {
  const sort = (SORTS[order.name] ?? "AT").toLowerCase();
  return {
    members: { metric: number.metric, ...number.named, sort: order.isDescending ? `-${sort}` : sort },
    words: `All ${METRICS[number.metric].things} behind “${label}”${wordsOf(number)}, in the order of the list`,
  };
};

export interface Sentence {
  /** 484 tickets behind First response, mean. */
  readonly title: string;
  /** The number itself, where it is not the count: 12 h 3 min. */
  readonly value: string | null;
}

/** The sentence that the answer is. */
export function sentenceOf(number: TicketNumber, label: string, { report }: TicketsAnswer): Sentence {
  const { things } = METRICS[number.metric];
  const total = pageBehind(number, report)?.total;
  const value = valueOf(number, report);
  const isCount = value === null || value.unit === "TICKETS" || value.unit === "EVENTS";
  const behind = `behind “${label}”${wordsOf(number)}`;
  return {
    title: total === undefined ? `No list of ${things} ${behind}` : `${formatCounted(total, things)} ${behind}`,
    value: isCount || value.value === null ? null : formatValue(value.value, value.unit),
  };
}

/** The faults that matter: of a distribution's buckets only one is looked at, and a cursor holds for no other. */
export function relevantFaults(number: TicketNumber, { report }: TicketsAnswer, faults: readonly Fault[]): readonly Fault[] {
  const isFound = number.part !== null && pageBehind(number, report) !== null;
  return isFound ? faults.filter(({ path }) => !path.includes(".buckets.")) : faults;
}

const ALWAYS = ["subject", "at", "status", "priority", "category", "agent"];

/** What is the same on every row of one's own. */
const CONSTANT: Readonly<Partial<Record<ScopeKind, string>>> = { SELF: "agent", ORGANIZATION: "organization" };

/** The columns that are usually shown, by the kind of the metric and what the viewer sees of all tickets. */
export const usualColumns = (kind: MetricWords["kind"], scope: ScopeKind): readonly string[] => USUAL[kind].filter((id) => id !== CONSTANT[scope]);

const USUAL: Readonly<Record<MetricWords["kind"], readonly string[]>> = {
  stock: [...ALWAYS, "resolutionTarget"],
  created: [...ALWAYS, "channel", "organization"],
  timed: [...ALWAYS, "duration", "withinTarget"],
  rated: ["subject", "at", "status", "agent", "score", "comment"],
};
