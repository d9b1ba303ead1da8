// How much of a long list an address shows: so many rows, from its start or behind a cursor.

export const STEPS = [50, 100, 200, 500] as const;
const MOST = 500;

export interface Paging {
  readonly limit: number;
  readonly cursor: string | null;
}

/** What an address asks for; an unknown limit is the first step. */
export function parsePaging(own: URLSearchParams): Paging {
  const limit = Number(own.get("limit"));
  return { limit: Number.isInteger(limit) && limit >= 1 && limit <= MOST ? limit : STEPS[0], cursor: own.get("cursor") || null };
}

/** The next step of a list that shows so many rows; null where it shows as many as one answer has. */
export const nextLimit = (limit: number): number | null => STEPS.find((step) => step > limit) ?? null;
