import { useEffect, useRef, useState } from "react";

import { variablesOf, type Slice } from "../filters/slice";
import { ChangesDocument, PulseDocument, type ChangesSubscription } from "../graphql/graphql";
import { useSession } from "../session/session";
import { ask } from "./client";
import { listen, type Line } from "./listening";

const EVERY_MS = 10_000;

/** How the page learns of changes, and when it last did. */
export interface Beat {
  readonly line: Line;
  readonly at: number;
  readonly failed: boolean;
}

/**
 * Is told when the data behind some slices change; `onChange` hears it, and whenever the gateway has another version of
 * them than `shown` when it begins to tell. Only where no socket can be had, asks every ten seconds instead.
 */
export function useLive(slices: readonly Slice[], shown: string | null, onChange: () => void): Beat {
  const { viewer, can, refuse } = useSession();
  const [beat, setBeat] = useState<Beat>(() => ({ line: "connecting", at: Date.now(), failed: false }));
  const satisfaction = can("csat:score:read");
  const version = useRef(shown);
  version.current = shown;

  useEffect(() => {
    const known = new Set<number>();
    setBeat(({ at }) => ({ line: "connecting", at, failed: false }));
    const subscriptions = slices.map((slice) => {
      const { period, timezone, filter, attribution, clock } = variablesOf(slice);
      return { document: ChangesDocument, variables: { period, timezone, filter, attribution, clock, satisfaction } };
    });
    return listen<ChangesSubscription, (typeof subscriptions)[number]["variables"]>(subscriptions, {
      onLine: (line) => setBeat(({ at }) => ({ line, at, failed: false })),
      onRefusal: refuse,
      onAnswer: ({ reportChanged }, at) => {
        setBeat({ line: "live", at: Date.now(), failed: false });
        const isNews = version.current !== null && version.current !== reportChanged.dataVersion;
        if (known.has(at) || isNews) onChange();
        known.add(at);
      },
    });
  }, [slices, satisfaction, viewer, onChange, refuse]);

  const mustAsk = beat.line === "refused";
  useEffect(() => {
    if (!mustAsk || !slices[0]) return;
    let known: string | null = null;
    const controller = new AbortController();
    const { timezone, filter } = variablesOf(slices[0]);
    const look = (): void => {
      if (document.hidden) return;
      ask(PulseDocument, { timezone, filter }, controller.signal).then(
        ({ data, receivedAt }) => {
          const now = data.report.dataVersion;
          if (known !== null && known !== now) onChange();
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
  }, [mustAsk, slices, onChange]);
  return beat;
}
