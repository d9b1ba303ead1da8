import { useMemo } from "react";

import type { Slice } from "../filters/slice";
import { useLive } from "./use_live";

/** Keeps a page of one slice up to date; `onChange` hears of changes as `useLive` tells them. */
export function useFresh(slice: Slice, shown: string | undefined, onChange: () => void): void {
  const watched = useMemo(() => [slice], [slice]);
  useLive(watched, shown ?? null, onChange);
}
