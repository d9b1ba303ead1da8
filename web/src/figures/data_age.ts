import { formatAge } from "./dates";

/** One live source, as far as everybody may see it. */
export interface SourceAge {
  readonly lagSeconds: number | null;
  readonly isStale: boolean;
  readonly state: "LOADING" | "FOLLOWING" | "FAILING";
}

export interface DataAge {
  readonly text: string;
  readonly isStale: boolean;
}

/** How old the data are: as old as those of the source that is furthest behind. Null without live sources. */
export function dataAge(sources: readonly SourceAge[], elapsedSeconds: number): DataAge | null {
  if (sources.length === 0) return null;
  if (sources.some(({ lagSeconds }) => lagSeconds === null)) return { text: "still loading: not all tickets are here yet", isStale: true };
  const age = formatAge(Math.max(...sources.map(({ lagSeconds }) => lagSeconds ?? 0)) + elapsedSeconds);
  const isStale = sources.some((source) => source.isStale);
  return { text: isStale ? `${age}: a source is behind, what is newer is missing` : age, isStale };
}
