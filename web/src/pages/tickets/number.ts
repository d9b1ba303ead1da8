// The number that Tickets is about, as the address names it: a metric, and what of it.

import { formatHour } from "../../figures/dates";
import { formatEdge } from "../../figures/durations";
import type { BehindFragment, ChosenFragment, PageFragment, TargetNumber, TicketsQueryVariables } from "../../graphql/graphql";
import type { TicketsAnswer } from "./answer";
import { parseRow, type Row } from "./row";

export type MetricKey = Exclude<Extract<keyof TicketsQueryVariables, keyof ChosenFragment>, "ofTarget" | "ofScore">;

type Report = TicketsAnswer["report"];
type Asked = Partial<TicketsQueryVariables>;

/** A part of a metric's facts. */
export interface Part {
  /** What is asked instead of the metric. */
  readonly asks: Asked;
  /** How it goes on behind the metric's label. */
  readonly words: string;
  readonly find: (report: Report) => PageFragment | null;
}

export interface TicketNumber {
  readonly metric: MetricKey;
  readonly part: Part | null;
  /** The one row of a breakdown that it is of; null of the whole slice. */
  readonly row: Row | null;
  /** What names part and row, as the address has it. */
  readonly named: Readonly<Record<string, string>>;
}

/** How a part is read from its parameter, by the metrics that have it. */
type Reader = (text: string, metric: MetricKey) => Part | null;

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

const TARGETS: Readonly<Record<string, readonly [number: TargetNumber, words: string]>> = {
  within_target: ["WITHIN_TARGET", "within target"],
  with_target: ["WITH_TARGET", "with a target"],
  without_target: ["WITHOUT_TARGET", "without a target"],
  open_breached: ["OPEN_BREACHED", "still open past target"],
};

/** The parameters of the list behind a metric, or behind what stands beside it; of a percentile its metric's. */
export function parametersOf(metric: string, detail: string | null): Readonly<Record<string, string>> {
  const part = (detail ?? "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(TARGETS, part) ? { metric, of: part } : { metric };
}

interface Bucket {
  readonly from: number;
  readonly to: number | null;
}

const DISTRIBUTIONS: Readonly<Partial<Record<MetricKey, (bucket: Bucket, edges: number[]) => Omit<Part, "words">>>> = {
  avgResponseTime: (bucket, edges) => ({
    asks: { ofResponse: true, edges },
    find: ({ ofResponse }) => pageOf(ofResponse?.responseTimeDistribution.buckets, bucket),
  }),
  avgResolutionTime: (bucket, edges) => ({
    asks: { ofResolution: true, edges },
    find: ({ ofResolution }) => pageOf(ofResolution?.resolutionTimeDistribution.buckets, bucket),
  }),
};

function pageOf(buckets: readonly (Bucket & { tickets: PageFragment | null })[] | undefined, { from, to }: Bucket): PageFragment | null {
  return buckets?.find((one) => one.from === from && one.to === to)?.tickets ?? null;
}

const READERS: Readonly<Record<string, Reader>> = {
  /** Durations from so many seconds to so many: 900-1800, 86400-. */
  bucket: (text, metric) => {
    const [, low = "", high = ""] = /^(\d{1,9})-(\d{0,9})$/.exec(text) ?? [];
    const bucket: Bucket = { from: Number(low), to: high === "" ? null : Number(high) };
    const made = DISTRIBUTIONS[metric];
    if (low === "" || !made || (bucket.to !== null && bucket.to <= bucket.from)) return null;
    const words = bucket.to === null ? `that took ${formatEdge(bucket.from)} or more` : `that took ${formatEdge(bucket.from)} to ${formatEdge(bucket.to)}`;
    return { ...made(bucket, bucket.to === null ? [bucket.from] : [bucket.from, bucket.to]), words };
  },
  of: (text, metric) => {
    const found = metric === "resolutionRate" ? TARGETS[text] : undefined;
    return found ? { asks: { ofTarget: true, target: found[0] }, words: found[1], find: (report) => chosenIn(report)?.ofTarget?.tickets ?? null } : null;
  },
  score: (text, metric) => {
    if (metric !== "csatScore" || !/^[1-5]$/.test(text)) return null;
    return { asks: { ofScore: true, score: [Number(text) - 1] }, words: `with a rating of ${text}`, find: (report) => chosenIn(report)?.ofScore?.tickets ?? null };
  },
  /** A cell of the week: 0-9 is Monday from 9 to 10. */
  weekdayHour: (text, metric) => {
    const [, day = "", hour = ""] = /^([0-6])-(\d|1\d|2[0-3])$/.exec(text) ?? [];
    if (metric !== "ticketsCreated" || day === "") return null;
    return {
      asks: { ofHour: true, hour: [Number(day), Number(hour)] },
      words: `on ${WEEKDAYS[Number(day)]}s from ${formatHour(Number(hour))} to ${formatHour(Number(hour) + 1)}`,
      find: ({ ofHour }) => ofHour?.seasonality.tickets ?? null,
    };
  },
};

const ROW = "row";

export const PART_NAMES: readonly string[] = [...Object.keys(READERS), ROW];

/** The metrics that were asked for: of the whole slice, or of its one row. */
const chosenIn = ({ metrics, ofRow }: Report): ChosenFragment | null => ofRow?.rows[0]?.metrics ?? metrics ?? null;

/** What instant a metric's facts have. */
export interface MetricWords {
  readonly at: string;
  readonly things: string;
  /** What the columns are that are usually shown. */
  readonly kind: "stock" | "created" | "timed" | "rated";
}

const words = (at: string, kind: MetricWords["kind"], things = "tickets"): MetricWords => ({ at, kind, things });

export const METRICS: Readonly<Record<MetricKey, MetricWords>> = {
  ticketsCreated: words("Created", "created"),
  ticketsResolved: words("Resolved", "timed"),
  openTickets: words("Open since", "stock"),
  unassignedTickets: words("Unassigned since", "stock"),
  breachedTickets: words("Past target since", "stock"),
  resolutions: words("Resolved", "timed", "resolutions"),
  reopens: words("Reopened", "created", "reopens"),
  reopenRate: words("Resolved", "timed", "resolutions"),
  avgResponseTime: words("First response", "timed"),
  avgResolutionTime: words("Resolved", "timed"),
  firstResolutionTime: words("First resolved", "timed"),
  responseRate: words("First response", "timed"),
  resolutionRate: words("Resolved", "timed"),
  csatScore: words("Rated", "rated"),
  ratingRate: words("Resolved", "timed"),
};

const isMetric = (name: string): name is MetricKey => Object.hasOwn(METRICS, name);

/** The number that an address names; tickets created where it names none. */
export function parseNumber(own: URLSearchParams): TicketNumber {
  const named = own.get("metric") ?? "";
  const metric = isMetric(named) ? named : "ticketsCreated";
  const found = Object.entries(READERS).flatMap(([name, read]) => {
    const text = own.get(name);
    const part = text === null ? null : read(text, metric);
    return text !== null && part ? [{ name, text, part }] : [];
  });
  const [first] = found;
  const text = own.get(ROW);
  // What is asked by itself has no rows.
  const row = text === null || (first && !OF_METRICS.has(first.name)) ? null : parseRow(text);
  const texts = { ...(first && { [first.name]: first.text }), ...(row && text !== null && { [ROW]: text }) };
  return { metric, part: first?.part ?? null, row, named: texts };
}

/** The parts that are asked of a metric. */
const OF_METRICS: ReadonlySet<string> = new Set(["of", "score"]);

/** The metric, and the parts of it that an address names, as far as they are shown. */
export const shownParts = (own: URLSearchParams, { metric, named }: TicketNumber): Readonly<Record<string, readonly string[]>> => ({
  metric: [metric],
  ...Object.fromEntries(PART_NAMES.map((name) => [name, named[name] === undefined ? [] : own.getAll(name)])),
});

/** What the gateway is asked for a number. */
export const askOf = ({ metric, part, row }: TicketNumber): Asked => ({
  ...(part?.asks ?? { [metric]: true }),
  ...(row && { ofRow: true, by: row.by, keys: row.keys }),
});

/** How a number goes on behind its metric's label: within target, on Mondays. */
export const wordsOf = ({ part, row }: TicketNumber): string => [part?.words, row?.words].map((words) => (words ? ` ${words}` : "")).join("");

/** The metric's own number; none where a part is asked for. */
export const valueOf = ({ metric, part }: TicketNumber, report: Report): BehindFragment | null => (part ? null : (chosenIn(report)?.[metric] ?? null));

/** The tickets behind a number. */
export const pageBehind = (number: TicketNumber, report: Report): PageFragment | null => (number.part ? number.part.find(report) : (valueOf(number, report)?.tickets ?? null));
