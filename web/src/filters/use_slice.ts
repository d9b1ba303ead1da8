import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { formatSlice, parseSlice, toggled, type Slice } from "./slice";
import type { DimensionName } from "./dimensions";

export interface SliceState {
  readonly slice: Slice;
  /** Goes to another slice of the same page; back leads here again. */
  readonly change: (slice: Slice) => void;
  readonly toggle: (name: DimensionName, id: string) => void;
}

/** The slice that the address describes, and the way to another one. */
export function useSlice(): SliceState {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const slice = useMemo(() => parseSlice(search), [search]);
  const change = useCallback((next: Slice) => navigate(withQuery(path, formatSlice(next, search))), [navigate, path, search]);
  const toggle = useCallback((name: DimensionName, id: string) => change(toggled(slice, name, id)), [change, slice]);
  return { slice, change, toggle };
}

/** A path with a query string, where there is one. */
export const withQuery = (path: string, query: string): string => (query ? `${path}?${query}` : path);

/** The address of another page for a slice, with parameters of that page's own. */
export function addressFor(path: string, slice: Slice, own: Readonly<Record<string, string>> = {}): string {
  return withQuery(path, formatSlice(slice, new URLSearchParams(own).toString()));
}
