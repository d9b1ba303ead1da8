// What a reader composes, which is the address: read from a query string, and written to one.

import { parsePaging, type Paging } from "../../filters/paging";
import { isDetail } from "./columns";
import { isGroup, type GroupName } from "./groups";

export const GRAINS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type GrainName = (typeof GRAINS)[number];

export const VIEWS = ["table", "line", "bar", "heatmap"] as const;
export type ViewName = (typeof VIEWS)[number];

/** A row stays where the metric's number lies within, both ends included. */
export interface Bound {
  readonly metric: string;
  readonly gte: number | null;
  readonly lte: number | null;
}

export interface Sort {
  readonly by: string;
  readonly isDescending: boolean;
}

export interface Choice {
  /** Columns by name: metric, or metric.detail; at least one. */
  readonly metrics: readonly string[];
  /** One to four. */
  readonly by: readonly GroupName[];
  /** null: as wide as the period asks for. */
  readonly grain: GrainName | null;
  readonly bounds: readonly Bound[];
  /** null: what has an order by it, else by the first metric. */
  readonly sort: Sort | null;
  /** null: the first that fits. */
  readonly view: ViewName | null;
  readonly paging: Paging;
}

export const MAX_GROUPS = 4;
const USUAL_METRIC = "ticketsCreated";
const USUAL_GROUP: GroupName = "time";

/** Every parameter that is written here; the cursor is not, for it holds for one choice alone. */
const PARAMETERS: ReadonlySet<string> = new Set(["metric", "by", "grain", "having", "sort", "view", "limit", "cursor"]);

/** The choice that a query string describes, of the columns that are known. What it leaves out, or names wrongly, is as by default; `shownOf` tells. */
export function parseChoice(search: string, known: ReadonlySet<string>): Choice {
  const given = new URLSearchParams(search);
  const metrics = distinct(given.getAll("metric").filter((name) => known.has(name)));
  const by = groupsIn(given);
  return {
    metrics: metrics.length > 0 ? metrics : [USUAL_METRIC],
    by,
    grain: GRAINS.find((grain) => grain === given.get("grain")) ?? null,
    bounds: given.getAll("having").flatMap((text) => parseBound(text, known)),
    sort: parseSort(given.get("sort"), known),
    view: VIEWS.find((view) => view === given.get("view")) ?? null,
    paging: parsePaging(given),
  };
}

/** What a report is grouped by, as the address says it. */
export function groupsIn(given: URLSearchParams): readonly GroupName[] {
  const by = distinct(given.getAll("by").filter(isGroup)).slice(0, MAX_GROUPS);
  return by.length > 0 ? by : [USUAL_GROUP];
}

/** The values of the choice's parameters that are shown, as an address has them. */
export const shownOf = (choice: Choice, search: string, known: ReadonlySet<string>): Readonly<Record<string, readonly string[]>> => {
  const written = new URLSearchParams(formatChoice(choice, ""));
  const bounds = new URLSearchParams(search).getAll("having").filter((text) => parseBound(text, known).length > 0);
  const shown = ["metric", "by", "grain", "sort", "view"].map((name) => [name, written.getAll(name)] as const);
  return { ...Object.fromEntries(shown), having: bounds, limit: [String(choice.paging.limit)] };
};

/** The query string of a choice, the slice's parameters before it. */
export function formatChoice(choice: Choice, search: string): string {
  const kept = [...new URLSearchParams(search)].filter(([name]) => !PARAMETERS.has(name));
  const own: [string, string][] = [
    ...choice.metrics.map((name): [string, string] => ["metric", name]),
    ...choice.by.map((name): [string, string] => ["by", name]),
    ...choice.bounds.map((bound): [string, string] => ["having", formatBound(bound)]),
  ];
  if (choice.grain !== null) own.push(["grain", choice.grain]);
  if (choice.sort !== null) own.push(["sort", (choice.sort.isDescending ? "-" : "") + choice.sort.by]);
  if (choice.view !== null) own.push(["view", choice.view]);
  return new URLSearchParams([...kept, ...own]).toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
}

/** METRIC:FROM-TO, either end open. */
const formatBound = ({ metric, gte, lte }: Bound): string => `${metric}:${gte ?? ""}-${lte ?? ""}`;

function parseBound(text: string, known: ReadonlySet<string>): readonly Bound[] {
  const [, metric = "", low = "", high = ""] = /^(\w+):(\d*\.?\d*)-(\d*\.?\d*)$/.exec(text) ?? [];
  const bound = { metric, gte: numberIn(low), lte: numberIn(high) };
  return known.has(metric) && (bound.gte !== null || bound.lte !== null) ? [bound] : [];
}

const numberIn = (text: string): number | null => (/\d/.test(text) ? Number(text) : null);

function parseSort(text: string | null, known: ReadonlySet<string>): Sort | null {
  const by = (text ?? "").replace(/^-/, "");
  return (known.has(by) && !isDetail(by)) || isGroup(by) ? { by, isDescending: text !== by } : null;
}

const distinct = <One>(all: readonly One[]): readonly One[] => [...new Set(all)];

/** The choice with a metric put in, or taken out where it is in; the last one stays. */
export function toggleMetric(choice: Choice, name: string): Choice {
  const metrics = toggled(choice.metrics, name);
  return metrics.length === 0 ? choice : withoutStrangers({ ...choice, metrics });
}

/** The choice with a group put in, or taken out where it is in; the last one stays. */
export function toggleGroup(choice: Choice, name: GroupName): Choice {
  const by = toggled(choice.by, name);
  return by.length === 0 || by.length > MAX_GROUPS ? choice : withoutStrangers({ ...choice, by });
}

const toggled = <One>(all: readonly One[], one: One): readonly One[] => (all.includes(one) ? all.filter((other) => other !== one) : [...all, one]);

/** Without an order by what is no longer there, and a grain where there is no time. */
function withoutStrangers(choice: Choice): Choice {
  const { sort, by, metrics } = choice;
  const isThere = sort !== null && (metrics.includes(sort.by) || by.some((name) => name === sort.by));
  return { ...choice, sort: isThere ? sort : null, grain: by.includes("time") ? choice.grain : null };
}

/** The choice with another bound of a metric, or none. */
export const withBound = (choice: Choice, metric: string, bound: Bound | null): Choice => ({
  ...choice,
  bounds: [...choice.bounds.filter((one) => one.metric !== metric), ...(bound ? [bound] : [])],
});
