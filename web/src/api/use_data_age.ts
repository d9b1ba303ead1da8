import { useEffect, useState } from "react";

import { dataAge, type DataAge } from "../figures/data_age";
import { DataAgeDocument } from "../graphql/graphql";
import { useSession } from "../session/session";
import { ask } from "./client";

const EVERY_MS = 10_000;
const TICK_MS = 1_000;

/** How old the data are, second by second, while the page is looked at; null where no source was followed at first. */
export function useDataAge(): DataAge | null {
  const then = useSession().sources;
  const [told, setTold] = useState(() => (Date.now() - then.at < EVERY_MS ? then : null));
  const [now, setNow] = useState(Date.now);
  const isFollowed = then.sources.length > 0;
  useEffect(() => {
    if (!isFollowed) return;
    const controller = new AbortController();
    const listen = (): void => {
      if (document.hidden) return;
      ask(DataAgeDocument, {}, controller.signal).then(
        ({ data, receivedAt }) => setTold({ sources: data.sources ?? [], at: receivedAt }),
        () => undefined, // what was told last goes on growing older
      );
    };
    if (Date.now() - then.at >= EVERY_MS) listen();
    const timers = [setInterval(listen, EVERY_MS), setInterval(() => setNow(Date.now()), TICK_MS)];
    return () => {
      controller.abort();
      timers.forEach(clearInterval);
    };
  }, [isFollowed, then.at]);
  return told && dataAge(told.sources, Math.max(0, now - told.at) / 1_000);
}
