import { useEffect, useState } from "react";

import { variablesOf, type Slice } from "../filters/slice";
import { PulseDocument } from "../graphql/graphql";
import { ask } from "./client";

const EVERY_MS = 10_000;

/** When the gateway last said whether the data have changed, and whether it answered the last time. */
export interface Beat {
  readonly at: number;
  readonly failed: boolean;
}

/** Asks whether the data behind a slice have changed, while the page is looked at; `onChange` hears that they have. */
export function usePulse(slice: Slice, onChange: () => void): Beat {
  const [beat, setBeat] = useState<Beat>(() => ({ at: Date.now(), failed: false }));
  useEffect(() => {
    let version: string | null = null;
    const controller = new AbortController();
    const { timezone, filter } = variablesOf(slice);
    const listen = (): void => {
      if (document.hidden) return;
      ask(PulseDocument, { timezone, filter }, controller.signal).then(
        ({ data, receivedAt }) => {
          const now = data.report.dataVersion;
          if (version !== null && version !== now) onChange();
          version = now;
          setBeat({ at: receivedAt, failed: false });
        },
        () => controller.signal.aborted || setBeat(({ at }) => ({ at, failed: true })),
      );
    };
    setBeat({ at: Date.now(), failed: false });
    const timer = setInterval(listen, EVERY_MS);
    document.addEventListener("visibilitychange", listen);
    return () => {
      controller.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", listen);
    };
  }, [slice, onChange]);
  return beat;
}
