import { useMemo } from "react";

import { useLive, type Watch, type WatchedSlice } from "./use_live";

interface Props<Variables extends WatchedSlice> {
  readonly watch: Watch<Variables>;
  /** The version that is shown. */
  readonly shown: string | undefined;
  readonly onChange: () => void;
}

/** Keeps a page up to date, and shows nothing: what it learns of the line is no reason to draw the page again. */
export function Fresh<Variables extends WatchedSlice>({ watch, shown, onChange }: Props<Variables>): null {
  const watches = useMemo(() => [watch], [watch]);
  useLive(watches, shown ?? null, onChange);
  return null;
}
