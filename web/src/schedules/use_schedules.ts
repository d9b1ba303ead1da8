import { useCallback, useEffect, useState } from "react";

import { tell } from "../api/client";
import { RequestFault, type Fault } from "../api/faults";
import { useAnswer } from "../api/use_answer";
import { DeleteScheduleDocument, DeliverAgainDocument, SaveScheduleDocument, SchedulesDocument } from "../graphql/graphql";
import { useSession } from "../session/session";
import { switched, type Planned } from "./draft";
import type { DeliveryOf } from "./words";

const LOOK_MS = 5_000;

export interface Schedules {
  /** null until they are there. */
  readonly schedules: readonly Planned[] | null;
  readonly fault: Fault | null;
  readonly switchTo: (schedule: Planned, active: boolean) => void;
  readonly remove: (schedule: Planned) => void;
  /** Sends a delivery again that may have arrived or not. */
  readonly resend: (delivery: DeliveryOf) => void;
  readonly again: () => void;
}

/** The viewer's schedules, looked at again while they are shown. */
export function useSchedules(): Schedules {
  const { refuse } = useSession();
  const { answer, fault, retry } = useAnswer(SchedulesDocument, {});
  const [refused, setRefused] = useState<Fault | null>(null);

  useEffect(() => {
    const timer = setInterval(retry, LOOK_MS);
    return () => clearInterval(timer);
  }, [retry]);

  const change = useCallback(
    (telling: Promise<unknown>): void => {
      setRefused(null);
      telling.then(retry, (caught: unknown) => {
        const found = faultOf(caught);
        if (found.kind === "UNAUTHENTICATED") refuse(found.message);
        setRefused(found);
      });
    },
    [retry, refuse],
  );
  return {
    schedules: answer?.data.schedules ?? null,
    fault: refused ?? fault ?? answer?.faults[0] ?? null,
    switchTo: useCallback((schedule, active) => change(tell(SaveScheduleDocument, switched(schedule, active))), [change]),
    remove: useCallback(({ id }) => change(tell(DeleteScheduleDocument, { id })), [change]),
    resend: useCallback(({ id }) => change(tell(DeliverAgainDocument, { id })), [change]),
    again: retry,
  };
}

/** A fault, whatever was thrown. */
export const faultOf = (caught: unknown): RequestFault => (caught instanceof RequestFault ? caught : new RequestFault("INTERNAL", String(caught)));
