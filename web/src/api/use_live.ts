import { useEffect, useRef, useState } from "react";

import { variablesOf, type Slice, type SliceVariables } from "../filters/slice";
import { PulseDocument } from "../graphql/graphql";
import { useSession } from "../session/session";
import { ask, type Document } from "./client";
import { listen, type Line } from "./listening";

const EVERY_MS = 10_000;

/** How the page learns of changes, and when it last did. */
export interface Beat {
  readonly line: Line;
  readonly at: number;
  readonly failed: boolean;
}

/** What every subscription tells: there is another version of what it watches. */
interface Told {
  readonly reportChanged: { readonly dataVersion: string };
}

export interface WatchedSlice extends Omit<SliceVariables, "compareTo"> {
  readonly satisfaction: boolean;
}

/** What a page shows, as a subscription: it is told of no other change. */
export interface Watch<Variables extends WatchedSlice = WatchedSlice> {
  readonly document: Document<Told, Variables>;
  readonly variables: Variables;
}

/** What every subscription asks of a slice. */
export function watchedOf(slice: Slice, can: (capability: string) => boolean): WatchedSlice {
  const { compareTo: _, ...variables } = variablesOf(slice);
  return { ...variables, satisfaction: can("csat:score:read") };
}

/**
 * Is told when what is watched changes; `onChange` hears it, and whenever the gateway has another version of
 * them than `shown` when it begins to tell: that is the first it tells. Only where no socket can be had, asks every ten seconds instead.
 */
export function useLive<Variables extends WatchedSlice>(watches: readonly Watch<Variables>[], shown: string | null, onChange: (isFirst: boolean) => void): Beat {
  const { viewer, refuse } = useSession();
  const [beat, setBeat] = useState<Beat>(() => ({ line: "connecting", at: Date.now(), failed: false }));
  const version = useRef(shown);
  version.current = shown;

  useEffect(() => {
    const known = new Set<number>();
    setBeat(({ at }) => ({ line: "connecting", at, failed: false }));
    return listen(watches, {
      onLine: (line) => setBeat(({ at }) => ({ line, at, failed: false })),
      onRefusal: refuse,
      onAnswer: ({ reportChanged }, at) => {
        setBeat({ line: "live", at: Date.now(), failed: false });
        const isNews = version.current !== null && version.current !== reportChanged.dataVersion;
        if (known.has(at) || isNews) onChange(!known.has(at));
        known.add(at);
      },
    });
  }, [watches, viewer, onChange, refuse]);

  const mustAsk = beat.line === "refused";
  useEffect(() => {
    if (!mustAsk || !watches[0]) return;
    let known: string | null = null;
    const controller = new AbortController();
    const { timezone, filter } = watches[0].variables;
    const look = (): void => {
      if (document.hidden) return;
      ask(PulseDocument, { timezone, filter }, controller.signal).then(
        ({ data, receivedAt }) => {
          const now = data.report.dataVersion;
          if (known !== null && known !== now) onChange(false);
          known = now;
          setBeat(({ line }) => ({ line, at: receivedAt, failed: false }));
        },
        () => controller.signal.aborted || setBeat(({ line, at }) => ({ line, at, failed: true })),
      );
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      controller.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [mustAsk, watches, onChange]);
  return beat;
}
