import { useCallback, useRef, useState } from "react";

import { tell } from "../api/client";
import type { Fault } from "../api/faults";
import { SaveReportDocument, SaveScheduleDocument, type ReportPage } from "../graphql/graphql";
import { bodyOf, type ExportOrder } from "../parts/export/order";
import type { Kept } from "../saved/use_saved";
import { useSession } from "../session/session";
import { rewritten, toldOf, type Draft, type KeptOrder, type Planned } from "./draft";
import { faultOf } from "./use_schedules";

/** What a page shows, not saved yet. */
export interface Fresh {
  readonly kind: "fresh";
  readonly order: ExportOrder;
  readonly page: ReportPage;
  readonly query: string;
}

/** What is delivered: what a page shows, a saved report, or what is scheduled already. */
export type Delivered = Fresh | { readonly kind: "saved"; readonly report: Kept } | { readonly kind: "planned"; readonly schedule: Planned };

export interface Keeping {
  readonly fault: Fault | null;
  readonly isBusy: boolean;
  /** The id under which what the page shows was saved, where that was done already. */
  readonly savedAs: string | null;
  readonly keep: (draft: Draft, name: string, same: Kept | undefined, report: Kept | undefined) => void;
}

/** Saves a report where it is not saved yet, or its file is to be written otherwise, and its schedule. */
export function useKeeping(delivered: Delivered, onKept: (schedule: Planned) => void): Keeping {
  const { refuse } = useSession();
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setBusy] = useState(false);
  const savedAs = useRef<string>(null);

  const keep = useCallback<Keeping["keep"]>(
    (draft, name, same, report) => {
      const kept = async (): Promise<Planned> => {
        let id: string;
        if (delivered.kind === "fresh") {
          const { page, query, order } = delivered;
          const { saveReport } = await tell(SaveReportDocument, { name, page, query, order: bodyOf(order, draft.file), id: savedAs.current ?? same?.id ?? null });
          id = there(saveReport).id;
          savedAs.current = id;
        } else {
          id = delivered.kind === "saved" ? delivered.report.id : delivered.schedule.report.id;
          const next = report && rewritten(report.order as KeptOrder, draft.file, navigator.language);
          if (report && next) await tell(SaveReportDocument, { id, name: report.name, page: report.page, query: report.query, order: next });
        }
        const own = delivered.kind === "planned" ? delivered.schedule : null;
        const { saveSchedule } = await tell(SaveScheduleDocument, { id: own?.id ?? null, report: id, ...toldOf(draft, own?.active ?? true) });
        return there(saveSchedule);
      };
      setBusy(true);
      setFault(null);
      kept()
        .then(onKept, (caught: unknown) => {
          const found = faultOf(caught);
          if (found.kind === "UNAUTHENTICATED") refuse(found.message);
          setFault(found);
        })
        .finally(() => setBusy(false));
    },
    [delivered, onKept, refuse],
  );
  return { fault, isBusy, savedAs: savedAs.current, keep };
}

/** What a mutation that did not fail brings. */
function there<Value>(value: Value | null | undefined): Value {
  if (value == null) throw new Error("The gateway answered without what it had saved.");
  return value;
}
