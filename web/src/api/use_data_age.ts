import { useEffect, useState } from "react";

import { dataAge, type DataAge, type SourceAge } from "../figures/data_age";
import { DataAgeDocument } from "../graphql/graphql";
import { ask } from "./client";

const EVERY_MS = 10_000;
const TICK_MS = 1_000;

interface Told {
  readonly sources: readonly SourceAge[];
  readonly at: number;
}

/** How old the data are, second by second, while the page is looked at; null where no source is followed. */
export function useDataAge(): DataAge | null {
  const [told, setTold] = useState<Told | null>(null);
  const [now, setNow] = useState(Date.now);
  const isFollowed = told !== null && told.sources.length > 0;
  useEffect(() => {
    const controller = new AbortController();
    const listen = (): void => {
      if (document.hidden) return;
      ask(DataAgeDocument, {}, controller.signal).then(
        ({ data, receivedAt }) => setTold({ sources: data.sources ?? [], at: receivedAt }),
        () => undefined, // what was told last goes on growing older
      );
    };
    if (!isFollowed) listen();
    const timers = isFollowed ? [setInterval(listen, EVERY_MS), setInterval(() => setNow(Date.now()), TICK_MS)] : [];
    return () => {
      controller.abort();
      timers.forEach(clearInterval);
    };
  }, [isFollowed]);
  return told && dataAge(told.sources, Math.max(0, now - told.at) / 1_000);
}
