import { useCallback, useEffect, useMemo, useState } from "react";

import { useSession } from "../session/session";
import { addressOf, ask, lastAnswer, type Answer, type Document } from "./client";
import { RequestFault, type Fault } from "./faults";

export interface Asking<Data, Variables> {
  /** The last answer: while another one is on its way it stays, and `isStale` says so. */
  readonly answer: Answer<Data> | null;
  /** What that answer was asked with. */
  readonly asked: Variables;
  readonly isStale: boolean;
  readonly fault: Fault | null;
  readonly retry: () => void;
}

interface Outcome<Data, Variables> {
  readonly address: string;
  readonly asked: Variables;
  readonly answer: Answer<Data> | null;
  readonly fault: Fault | null;
}

/** What the gateway answers to a document; asked again when the variables change, or on `retry`. */
export function useAnswer<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Asking<Data, Variables> {
  const { viewer, refuse } = useSession();
  const address = addressOf(document, variables);
  const asked = useMemo(() => variables, [address]);
  const [attempt, setAttempt] = useState(0);
  const [outcome, setOutcome] = useState<Outcome<Data, Variables>>(() => ({ address, asked, answer: lastAnswer(document, asked), fault: null }));

  useEffect(() => {
    const controller = new AbortController();
    const known = lastAnswer(document, asked);
    setOutcome((before) => kept(before, known ? { address, asked, answer: known, fault: null } : { ...before, fault: null }));
    ask(document, asked, controller.signal).then(
      (answer) => setOutcome((before) => kept(before, { address, asked, answer, fault: null })),
      (fault: unknown) => {
        if (controller.signal.aborted) return;
        const failed = fault instanceof RequestFault ? fault : new RequestFault("INTERNAL", String(fault));
        if (failed.kind === "UNAUTHENTICATED") refuse(failed.message);
        setOutcome((before) => ({ ...before, fault: failed }));
      },
    );
    return () => controller.abort();
  }, [document, asked, address, attempt, viewer, refuse]);

  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { answer: outcome.answer, asked: outcome.asked, isStale: outcome.address !== address, fault: outcome.fault, retry };
}

/** The outcome before, where the next one tells nothing else: so a page whose answer still holds is not drawn again. */
const kept = <Data, Variables>(before: Outcome<Data, Variables>, next: Outcome<Data, Variables>): Outcome<Data, Variables> =>
  before.address === next.address && before.asked === next.asked && before.answer?.data === next.answer?.data && before.fault === next.fault ? before : next;
