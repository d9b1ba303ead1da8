import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { withQuery } from "./use_slice";

/** Other values of own parameters; null takes one out. */
export type OwnChange = Readonly<Record<string, string | null>>;

export interface OwnState {
  readonly own: URLSearchParams;
  /** Goes to other values; back leads here again. */
  readonly put: (change: OwnChange) => void;
  /** Puts other values in place of these, for what is typed or grows. */
  readonly settle: (change: OwnChange) => void;
}

/** A page's own parameters, which stand in the address beside the slice's. */
export function useOwn(): OwnState {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const own = useMemo(() => new URLSearchParams(search), [search]);
  const put = useCallback((change: OwnChange) => navigate(withQuery(path, changed(search, change))), [navigate, path, search]);
  const settle = useCallback((change: OwnChange) => navigate(withQuery(path, changed(search, change)), { replace: true }), [navigate, path, search]);
  return { own, put, settle };
}

/** A query string with other values of some parameters. */
export function changed(search: string, change: OwnChange): string {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
}
