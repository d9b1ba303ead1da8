import { useCallback, type ReactNode } from "react";
import { Link } from "wouter";

import type { Line } from "../charts/timeline";
import { bucketPeriod, comparedSlice, type Bounds } from "../filters/bucket";
import { addressFor } from "../filters/use_slice";
import type { Slice } from "../filters/slice";
import type { Grain } from "../graphql/graphql";
import { canSeeBehind } from "../session/behind";
import { useSession } from "../session/session";
import { Hint } from "./hint";

interface Props {
  readonly metric: string;
  readonly slice: Slice;
  /** What of the metric, where it is not all of it: `of`, `bucket`, ... as Tickets takes them. */
  readonly part?: Readonly<Record<string, string>>;
  /** More to say about the number, on hover and by keyboard. */
  readonly hint?: string;
  /** Whether there is such a number; behind one that is not known, or that counts nothing, there is no list. */
  readonly isKnown?: boolean;
  readonly children: ReactNode;
}

/** A number that leads to the tickets behind it, where the viewer may see them. */
export function Behind({ metric, slice, part, hint, isKnown = true, children }: Props) {
  const { can } = useSession();
  const address = isKnown && canSeeBehind(can, metric) ? addressFor("/tickets", slice, { metric, ...part }) : null;
  if (hint !== undefined) return <Hint text={hint} address={address}>{children}</Hint>;
  return address === null ? <>{children}</> : <Link href={address}>{children}</Link>;
}

/** Where the tickets are that a number was compared with; null where it was with none, or the viewer may not see them. */
export function useBefore(metric: string, slice: Slice, comparisons: readonly Bounds[]): string | null {
  const { can } = useSession();
  const before = comparedSlice(slice, comparisons);
  return before && canSeeBehind(can, metric) ? addressFor("/tickets", before, { metric }) : null;
}

/** The buckets of a report over time, and the period that they are cut from. */
export interface Buckets {
  readonly starts: readonly string[];
  readonly period: Bounds;
}

/** The buckets of a series; null where there is none. */
export const bucketsOf = (series: { readonly starts: readonly string[] } | null | undefined, period: Bounds | null): Buckets | null =>
  series && period ? { starts: series.starts, period } : null;

/** Where the tickets of a line's bucket are; null where its number has none, or the viewer may not see them. */
export type LineAddress = (line: Line, at: number) => string | null;

/** Where the tickets behind a chart's lines are: of its own buckets, and of those that they are compared with. */
export function useLineAddress(slice: Slice, grain: Grain, own: Buckets | null, before: Buckets | null = null): LineAddress {
  const { can } = useSession();
  return useCallback(
    ({ behind, isComparison, values, slice: narrowed = slice }, at) => {
      const buckets = isComparison ? before : own;
      const start = buckets?.starts[at];
      if (!behind || !buckets || start === undefined || values[at] == null || !canSeeBehind(can, behind.metric)) return null;
      return addressFor("/tickets", { ...narrowed, period: bucketPeriod(start, grain, buckets.period) }, behind);
    },
    [can, slice, grain, own, before],
  );
}
