import { useEffect, useState } from "react";

/** So long before its end a token is asked for again. */
const LEAD_MS = 60_000;
/** The longest that a browser's timer waits. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** Whether a token is about to end. */
export function useEnding(expiresAt: string | null): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      const wait = expiresAt === null ? Infinity : Date.parse(expiresAt) - LEAD_MS - Date.now();
      setNear(wait <= 0);
      if (wait > 0 && wait !== Infinity) timer = setTimeout(look, Math.min(wait, MAX_WAIT_MS));
    };
    look();
    return () => clearTimeout(timer);
  }, [expiresAt]);
  return isNear;
}
