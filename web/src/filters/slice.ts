// The state of the filter bar, which is the address: read from a query string, written to one, asked of the gateway.

import type { Attribution, Clock, Comparison, PeriodInput, Preset, TicketFilter } from "../graphql/graphql";
import { DIMENSION_NAMES, UNSET, dimensionInfo, type DimensionName } from "./dimensions";
import { isPreset, namePeriod, PRESETS, type Period } from "./periods";

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

const SINGLE = ["period", "since", "until", "timezone", "compareTo", "attribution", "clock"] as const;

/** What of an address is the slice's; everything else is the page's own. */
export const PARAMETERS: readonly string[] = [...SINGLE, ...DIMENSION_NAMES];

/** What another slice has no use for: a cursor holds for its slice alone, and goes with it. */
const GOING: readonly string[] = [...PARAMETERS, "cursor"];

/** What of an address is not understood, and what is shown instead of it. */
export interface Misreading {
  readonly parameter: string;
  readonly value: string;
  readonly known: string;
  readonly instead: string;
  /** What is wrong with it, where it is understood but not shown. */
  readonly refusal?: string;
}

export interface Reading {
  readonly slice: Slice;
  readonly misread: readonly Misreading[];
}

/** The slice that a query string describes. What it leaves out, or names wrongly, is as by default. */
export const parseSlice = (search: string): Slice => readSlice(search).slice;

let last: { readonly search: string; readonly reading: Reading } | null = null;

/** The slice that a query string describes, and what of it names nothing; the same value as long as the address is the same. */
export function readSlice(search: string): Reading {
  if (last?.search !== search) last = { search, reading: read(search) };
  return last.reading;
}

function read(search: string): Reading {
  const given = new URLSearchParams(search);
  const misread: Misreading[] = [];
  const miss = (parameter: string, value: string, known: string, instead: string): void => void misread.push({ parameter, value, known, instead });
  const word = <Word extends string>(name: (typeof SINGLE)[number], words: readonly Word[], otherwise: Word): Word => {
    const text = given.get(name);
    const found = words.find((one) => one === text);
    if (text !== null && found === undefined) miss(name, text, words.join(", "), otherwise);
    return found ?? otherwise;
  };

  const slice: Slice = {
    period: readPeriod(given, miss),
    timezone: readZone(given.get("timezone"), miss),
    compareTo: word("compareTo", Object.keys(COMPARISONS) as ComparisonName[], DEFAULT_SLICE.compareTo),
    attribution: word("attribution", ["event", "creation"], DEFAULT_SLICE.attribution),
    clock: word("clock", ["calendar", "business"], DEFAULT_SLICE.clock),
    filter: readFilter(given, miss),
  };
  for (const name of SINGLE) {
    const [first, ...further] = given.getAll(name);
    for (const value of further) miss(name, value, "one value", `the first one, ${first}`);
  }
  return { slice, misread };
}

/** What of an address is neither the slice's nor one of the page's own parameters. */
export function strangersIn(search: string, own: readonly string[]): readonly Misreading[] {
  const known = [...PARAMETERS, ...own];
  const strange = [...new URLSearchParams(search)].filter(([name]) => !known.includes(name));
  return strange.map(([parameter, value]) => ({ parameter, value, known: known.join(", "), instead: WITHOUT }));
}

/** The query string with nothing but what is understood; `unread` are values of own parameters that are not. */
export function cleaned(search: string, own: readonly string[], unread: readonly Misreading[] = []): string {
  const isUnread = (name: string, text: string): boolean => unread.some(({ parameter, value }) => parameter === name && value === text);
  const kept = [...new URLSearchParams(search)].filter(([name, text]) => own.includes(name) && !isUnread(name, text));
  return formatSlice(parseSlice(search), new URLSearchParams(kept).toString());
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
  for (const [name, value] of new URLSearchParams(search)) if (!GOING.includes(name)) written.append(name, value);
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

type Miss = (parameter: string, value: string, known: string, instead: string) => void;

export const WITHOUT = "the page without it";
const INSTANT = "a day (2026-03-01) or an instant with its offset (2026-03-01T10:00:00Z)";

function readPeriod(given: URLSearchParams, miss: Miss): Period {
  const since = given.get("since");
  const until = given.get("until");
  const preset = given.get("period");
  if (since !== null && until !== null && isInstant(since) && isInstant(until)) {
    const period = { since, until };
    if (preset !== null) miss("period", preset, "either period, or since and until", namePeriod(period));
    return period;
  }
  const period = preset !== null && isPreset(preset) ? { preset } : DEFAULT_SLICE.period;
  if (preset !== null && !isPreset(preset)) miss("period", preset, Object.keys(PRESETS).join(", "), namePeriod(period));
  for (const [name, text] of [["since", since], ["until", until]] as const) {
    if (text !== null) miss(name, text, isInstant(text) ? "since and until together" : INSTANT, namePeriod(period));
  }
  return period;
}

const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));

function readZone(text: string | null, miss: Miss): string {
  if (text !== null && isZone(text)) return text;
  if (text !== null) miss("timezone", text, "zones such as Europe/Berlin", DEFAULT_SLICE.timezone);
  return DEFAULT_SLICE.timezone;
}

/** Whether a text is a zone; an offset is none. */
function isZone(text: string): boolean {
  const known = zones.get(text) ?? isKnownZone(text);
  zones.set(text, known);
  return known;
}

// Asking for a zone costs as much as reading the rest of an address.
const zones = new Map<string, boolean>();

function isKnownZone(text: string): boolean {
  try {
    return /^[A-Za-z]/.test(text) && new Intl.DateTimeFormat("en", { timeZone: text }) !== null;
  } catch {
    return false;
  }
}

function readFilter(given: URLSearchParams, miss: Miss): Filter {
  const filter = DIMENSION_NAMES.flatMap((name) => {
    const words = dimensionInfo(name).words?.map(({ id }) => id);
    const known = words && [...words, UNSET];
    const asked = new Set(given.getAll(name));
    const ids = [...asked].filter((id) => id !== "" && (known?.includes(id) ?? true));
    for (const id of asked) if (!ids.includes(id)) miss(name, id, known?.join(", ") ?? `an id, or ${UNSET}`, WITHOUT);
    return ids.length > 0 ? [[name, ids] as const] : [];
  });
  return Object.fromEntries(filter);
}
