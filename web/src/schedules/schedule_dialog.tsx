import { useState } from "react";

import { useAnswer } from "../api/use_answer";
import { DestinationsDocument } from "../graphql/graphql";
import { Dialog } from "../parts/dialog";
import { FaultNote } from "../parts/fault_note";
import { Skeleton } from "../parts/skeleton";
import { useSaved } from "../saved/use_saved";
import type { Planned } from "./draft";
import { ScheduleForm } from "./schedule_form";
import type { Delivered } from "./use_keeping";
import { describeCadence, describeDestination, describeState, ownZone } from "./words";
import "./schedules.css";

interface Props {
  readonly delivered: Delivered;
  readonly onClose: () => void;
  /** What comes after it was kept; where nothing does, the dialog says when it is delivered. */
  readonly onKept?: () => void;
}

/** Has a report delivered again and again, or changes how. */
export default function ScheduleDialog({ delivered, onClose, onKept }: Props) {
  const { answer, fault, retry } = useAnswer(DestinationsDocument, {});
  const saved = useSaved();
  const [kept, setKept] = useState<Planned | null>(null);
  const destinations = answer?.data.destinations;
  const wrong = fault ?? answer?.faults[0] ?? (saved.reports === null ? saved.fault : null);

  if (kept) {
    return (
      <Dialog title="Scheduled" onClose={onClose}>
        <p role="status" className="schedule-said">
          “{kept.report.name}” is delivered {describeDestination(kept)}. {describeCadence(kept)}. {describeState(kept, ownZone())}.
        </p>
        <p className="quiet">“Schedules”, at the top of the page, shows what became of it, pauses and changes it.</p>
        <div className="actions">
          <button type="button" className="primary" onClick={onClose}>Close</button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={delivered.kind === "planned" ? `Schedule: ${delivered.schedule.report.name}` : "Deliver on a schedule"} onClose={onClose}>
      {wrong && <FaultNote fault={wrong} onRetry={retry} />}
      {!wrong && !(destinations && saved.reports) && <Skeleton height={320} />}
      {destinations && saved.reports && (
        <ScheduleForm delivered={delivered} destinations={destinations} saved={saved} onCancel={onClose} onKept={(schedule) => (onKept ? onKept() : setKept(schedule))} />
      )}
    </Dialog>
  );
}
