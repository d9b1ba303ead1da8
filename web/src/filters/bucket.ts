// Buckets and comparisons as periods of their own: what a number of one of them is asked for by.

import type { Grain, PeriodInput } from "../graphql/graphql";
import { AFTER } from "./select_buckets";
import type { Slice } from "./slice";

/** From one instant, or day, of a zone up to another one. */
export interface Bounds {
  readonly since: string;
  readonly until: string;
}

const HOUR_MS = 3_600_000;

/** What the zone's wall clock shows. */
const wall = (instant: string): string => (instant.length === 10 ? `${instant}T00:00:00` : instant.slice(0, 19));

/** An instant as short as it can be said: its day, where the day begins with it. */
const shortened = (instant: string): string => (instant.slice(11, 19) === "00:00:00" && instant.length > 19 ? instant.slice(0, 10) : instant);

/** The period of a bucket, as far as it lies within these bounds of the same zone. */
export function bucketPeriod(start: string, grain: Grain, { since, until }: Bounds): Bounds {
  const end = grain === "HOUR" ? new Date(Date.parse(start) + HOUR_MS).toISOString().replace(".000", "") : AFTER[grain](start);
  // No hour goes beyond a bound that is a day.
  const isBefore = (one: string, other: string): boolean =>
    grain === "HOUR" ? one.length > 10 && other.length > 10 && Date.parse(one) < Date.parse(other) : wall(one) < wall(other);
  return { since: isBefore(start, since) ? shortened(since) : start, until: isBefore(until, end) ? shortened(until) : end };
}

/** A period as it was asked for, where it has a since and an until. */
export const boundsOf = ({ since, until }: PeriodInput): Bounds | null => (since && until ? { since, until } : null);

/** The slice of what a report is first compared with; null where it is with nothing. */
export function comparedSlice(slice: Slice, comparisons: readonly Bounds[]): Slice | null {
  const [first] = comparisons;
  return first ? { ...slice, period: { since: shortened(first.since), until: shortened(first.until) } } : null;
}
