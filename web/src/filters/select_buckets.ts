import type { Grain } from "../graphql/graphql";
import { addDays, monthStart } from "./days";
import type { Period } from "./periods";

/** The first day after a bucket, by its first. */
export const AFTER: Readonly<Record<Grain, (start: string) => string>> = {
  HOUR: (start) => start,
  DAY: (start) => addDays(start, 1),
  WEEK: (start) => addDays(start, 7),
  MONTH: (start) => monthStart(start, 1),
  QUARTER: (start) => monthStart(start, 3),
  YEAR: (start) => monthStart(start, 12),
};

/** The period from the first to the last of the selected buckets, both in it. */
export function selectBuckets(starts: readonly string[], grain: Grain, first: number, last: number): Period {
  const since = starts[first] ?? "";
  const end = starts[last] ?? "";
  if (grain !== "HOUR") return { since: since.slice(0, 10), until: AFTER[grain](end) };
  return { since, until: starts[last + 1] ?? `${addDays(end, 1)}T00:00:00${end.slice(19)}` };
}
