// A team's numbers as one of its agents sees them.

import type { Suppression } from "../../graphql/graphql";

interface Judged {
  readonly suppression: Suppression | null;
  readonly reason: string | null;
}

/** Why a team's numbers are not told. */
export interface Silence {
  readonly reason: string;
  /** Whether another way of asking is told them. */
  readonly isOfferedElse: boolean;
}

export interface Benchmark {
  readonly metrics: Readonly<Partial<Record<string, Judged | null>>>;
}

/** Why a benchmark says nothing at all; null where it says something, or is none. */
export function silenceOf(benchmark: Benchmark | null | undefined): Silence | null {
  const values = Object.values(benchmark?.metrics ?? {}).filter((one) => one != null);
  const first = values[0];
  if (!first?.reason || !values.every(({ suppression }) => suppression)) return null;
  return { reason: first.reason, isOfferedElse: first.suppression === "NOT_OFFERED" };
}
