import { useCallback, useEffect, useState } from "react";

import { ask, tell } from "../api/client";
import { RequestFault, type Fault } from "../api/faults";
import { DeleteSavedReportDocument, SavedReportsDocument, SaveReportDocument, type KeptFragment, type SaveReportMutationVariables } from "../graphql/graphql";
import { useSession } from "../session/session";

export type Kept = KeptFragment;

export interface Saved {
  /** null until they are there. */
  readonly reports: readonly Kept[] | null;
  readonly fault: Fault | null;
  /** Saves a report, a new one where no id is given; says whether it is kept. */
  readonly save: (report: SaveReportMutationVariables) => Promise<boolean>;
  readonly remove: (id: string) => Promise<boolean>;
}

/** The viewer's saved reports, asked for when they are first needed. */
export function useSaved(): Saved {
  const { refuse } = useSession();
  const [reports, setReports] = useState<readonly Kept[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);

  const failed = useCallback(
    (caught: unknown): false => {
      const found = caught instanceof RequestFault ? caught : new RequestFault("INTERNAL", String(caught));
      if (found.kind === "UNAUTHENTICATED") refuse(found.message);
      setFault(found);
      return false;
    },
    [refuse],
  );
  const read = useCallback(
    async (signal?: AbortSignal): Promise<void> => {
      const { data } = await ask(SavedReportsDocument, {}, signal);
      setReports(data.savedReports?.nodes ?? []);
      setFault(null);
    },
    [],
  );

  useEffect(() => {
    const controller = new AbortController();
    read(controller.signal).catch((caught: unknown) => controller.signal.aborted || failed(caught));
    return () => controller.abort();
  }, [read, failed]);

  const save = useCallback((report: SaveReportMutationVariables) => tell(SaveReportDocument, report).then(() => read()).then(() => true, failed), [read, failed]);
  const remove = useCallback((id: string) => tell(DeleteSavedReportDocument, { id }).then(() => read()).then(() => true, failed), [read, failed]);
  return { reports, fault, save, remove };
}
