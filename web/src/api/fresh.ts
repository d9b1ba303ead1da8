import { useLive, type Watch, type WatchedSlice } from "./use_live";

interface Props<Variables extends WatchedSlice> {
  /** Memoised: others are another subscription. */
  readonly watches: readonly Watch<Variables>[];
  /** The version that is shown. */
  readonly shown: string | undefined;
  readonly onChange: (isFirst: boolean) => void;
}

/** Keeps a page up to date, and shows nothing: what it learns of the line is no reason to draw the page again. */
export function Fresh<Variables extends WatchedSlice>({ watches, shown, onChange }: Props<Variables>): null {
  useLive(watches, shown ?? null, onChange);
  return null;
}
