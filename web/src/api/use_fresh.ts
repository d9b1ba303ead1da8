import { useMemo } from "react";

import { useLive, type Watch, type WatchedSlice } from "./use_live";

/** Keeps a page of one slice up to date; `onChange` hears of changes as `useLive` tells them. */
export function useFresh<Variables extends WatchedSlice>(watch: Watch<Variables>, shown: string | undefined, onChange: () => void): void {
  const watches = useMemo(() => [watch], [watch]);
  useLive(watches, shown ?? null, onChange);
}
