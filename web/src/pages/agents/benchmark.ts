// A team's numbers as one of its agents sees them.

interface Judged {
  readonly suppressed: boolean;
  readonly reason: string | null;
}

export interface Benchmark {
  readonly metrics: Readonly<Partial<Record<string, Judged | null>>>;
}

/** Why a benchmark says nothing at all; null where it says something, or is none. */
export function reasonOf(benchmark: Benchmark | null | undefined): string | null {
  const values = Object.values(benchmark?.metrics ?? {}).filter((one) => one != null);
  return values.every(({ suppressed }) => suppressed) ? (values[0]?.reason ?? null) : null;
}
