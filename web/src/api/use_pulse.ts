import { useEffect } from "react";

import type { Slice } from "../filters/slice";
import { variablesOf } from "../filters/slice";
import { PulseDocument } from "../graphql/graphql";
import { ask } from "./client";

const EVERY_MS = 10_000;

/** Says when the data behind a slice have changed, while the page is looked at. A question that nothing answers is asked again. */
export function usePulse(slice: Slice, onChange: () => void): void {
  useEffect(() => {
    let version: string | null = null;
    const controller = new AbortController();
    const { timezone, filter } = variablesOf(slice);
    const beat = async (): Promise<void> => {
      if (document.hidden) return;
      const { data } = await ask(PulseDocument, { timezone, filter }, controller.signal);
      const now = data.report.dataVersion;
      if (version !== null && version !== now) onChange();
      version = now;
    };
    const quietly = (): void => void beat().catch(() => undefined);
    const timer = setInterval(quietly, EVERY_MS);
    document.addEventListener("visibilitychange", quietly);
    return () => {
      controller.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", quietly);
    };
  }, [slice, onChange]);
}
