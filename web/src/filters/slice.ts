// The state of the filter bar, which is the address: read from a query string, written to one, asked of the gateway.

import type { Attribution, Clock, Comparison, PeriodInput, Preset, TicketFilter } from "../graphql/graphql";
import { DIMENSION_NAMES, UNSET, type DimensionName } from "./dimensions";
import { isPreset, type Period } from "./periods";

export type ComparisonName = "none" | Lowercase<Comparison>;

export const COMPARISONS: Readonly<Record<ComparisonName, string>> = {
  previous_period: "the period before",
  previous_year: "the same days a year before",
  previous_year_weekdays: "the same weekdays a year before",
  none: "nothing",
};

export type Filter = Readonly<Partial<Record<DimensionName, readonly string[]>>>;

export interface Slice {
  readonly period: Period;
  readonly timezone: string;
  readonly compareTo: ComparisonName;
  readonly attribution: Lowercase<Attribution>;
  readonly clock: Lowercase<Clock>;
  readonly filter: Filter;
}

export const DEFAULT_SLICE: Slice = {
  period: { preset: "last_30_days" },
  timezone: "UTC",
  compareTo: "previous_period",
  attribution: "event",
  clock: "calendar",
  filter: {},
};

/** What of an address is the slice's; everything else is the page's own. A cursor holds for its slice alone, and goes with it. */
const PARAMETERS: readonly string[] = ["period", "since", "until", "timezone", "compareTo", "attribution", "clock", "cursor", ...DIMENSION_NAMES];

/** The slice that a query string describes. What it leaves out, or names wrongly, is as by default. */
export function parseSlice(search: string): Slice {
  const given = new URLSearchParams(search);
  const filter = DIMENSION_NAMES.flatMap((name) => {
    const ids = [...new Set(given.getAll(name).filter((id) => id !== ""))];
    return ids.length > 0 ? [[name, ids] as const] : [];
  });
  return {
    period: parsePeriod(given),
    timezone: given.get("timezone") || DEFAULT_SLICE.timezone,
    compareTo: wordOf(given.get("compareTo"), Object.keys(COMPARISONS) as ComparisonName[], DEFAULT_SLICE.compareTo),
    attribution: wordOf(given.get("attribution"), ["event", "creation"], DEFAULT_SLICE.attribution),
    clock: wordOf(given.get("clock"), ["calendar", "business"], DEFAULT_SLICE.clock),
    filter: Object.fromEntries(filter),
  };
}

/** The query string of a slice: what is as by default is left out, and the page's own parameters stay. */
export function formatSlice(slice: Slice, search = ""): string {
  const written = new URLSearchParams();
  if ("since" in slice.period) {
    written.set("since", slice.period.since);
    written.set("until", slice.period.until);
  } else if (slice.period.preset !== "last_30_days") {
    written.set("period", slice.period.preset);
  }
  for (const name of ["timezone", "compareTo", "attribution", "clock"] as const) {
    if (slice[name] !== DEFAULT_SLICE[name]) written.set(name, slice[name]);
  }
  for (const name of DIMENSION_NAMES) for (const id of slice.filter[name] ?? []) written.append(name, id);
  for (const [name, value] of new URLSearchParams(search)) if (!PARAMETERS.includes(name)) written.append(name, value);
  return written.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
}

/** The slice with other values of one dimension. */
export function withFilter(slice: Slice, name: DimensionName, ids: readonly string[]): Slice {
  const { [name]: _, ...others } = slice.filter;
  return { ...slice, filter: ids.length > 0 ? { ...others, [name]: ids } : others };
}

/** The slice with one value of a dimension put in, or taken out where it is in. */
export function toggled(slice: Slice, name: DimensionName, id: string): Slice {
  const ids = slice.filter[name] ?? [];
  return withFilter(slice, name, ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
}

export interface SliceVariables {
  readonly period: PeriodInput;
  readonly timezone: string;
  readonly filter: TicketFilter | null;
  readonly compareTo: Comparison[];
  readonly attribution: Attribution;
  readonly clock: Clock;
}

/** The arguments of `report` for a slice. */
export const variablesOf = (slice: Slice): SliceVariables => ({
  period: periodInput(slice.period),
  timezone: slice.timezone,
  filter: filterInput(slice.filter),
  compareTo: slice.compareTo === "none" ? [] : [slice.compareTo.toUpperCase() as Comparison],
  attribution: slice.attribution.toUpperCase() as Attribution,
  clock: slice.clock.toUpperCase() as Clock,
});

/** A period as the gateway takes it. */
export const periodInput = (period: Period): PeriodInput =>
  "preset" in period ? { preset: period.preset.toUpperCase() as Preset } : { since: period.since, until: period.until };

/** A filter as the gateway takes it: ids beside what is unset are an or. */
export function filterInput(filter: Filter): TicketFilter | null {
  const conditions = DIMENSION_NAMES.flatMap((name): TicketFilter[] => {
    const ids = (filter[name] ?? []).filter((id) => id !== UNSET);
    const parts: TicketFilter[] = ids.length > 0 ? [{ [name]: { in: ids } }] : [];
    if (filter[name]?.includes(UNSET)) parts.push({ [name]: { isNull: true } });
    return parts.length > 1 ? [{ or: parts }] : parts;
  });
  if (conditions.length === 0) return null;
  const either = conditions.filter((one) => "or" in one);
  const plain: TicketFilter = Object.assign({}, ...conditions.filter((one) => !("or" in one)));
  return either.length > 0 ? { ...plain, and: either } : plain;
}

function parsePeriod(given: URLSearchParams): Period {
  const since = given.get("since");
  const until = given.get("until");
  if (since && until && isInstant(since) && isInstant(until)) return { since, until };
  const preset = given.get("period") ?? "";
  return isPreset(preset) ? { preset } : DEFAULT_SLICE.period;
}

const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));

function wordOf<Word extends string>(given: string | null, words: readonly Word[], otherwise: Word): Word {
  return words.find((word) => word === given) ?? otherwise;
}
