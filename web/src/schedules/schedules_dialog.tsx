import { useState } from "react";

import { formatInstant } from "../figures/dates";
import { Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { FORMATS, type FormatName } from "../parts/export/formats";
import { FaultNote } from "../parts/fault_note";
import { Skeleton } from "../parts/skeleton";
import type { Planned } from "./draft";
import ScheduleDialog from "./schedule_dialog";
import { useSchedules, type Schedules } from "./use_schedules";
import { describeCadence, describeDelivery, describeDestination, describeState, ownZone } from "./words";

/** What is delivered to whom and when, what became of it, and the way to change it. */
export default function SchedulesDialog({ onClose }: { onClose: () => void }) {
  const found = useSchedules();
  const [changed, change] = useState<Planned | null>(null);
  const { schedules, fault, again } = found;

  if (changed) {
    const back = (): void => (again(), change(null));
    return <ScheduleDialog delivered={{ kind: "planned", schedule: changed }} onClose={back} onKept={back} />;
  }
  return (
    <Dialog title="Schedules" className="wide" onClose={onClose}>
      {fault && <FaultNote fault={fault} onRetry={again} />}
      {schedules === null && !fault && <Skeleton height={120} />}
      {schedules?.length === 0 && <Empty>Nothing is delivered on a schedule. “Deliver on a schedule” in an export, or in the saved reports of Explore, begins one.</Empty>}
      {schedules && schedules.length > 0 && (
        <ul className="schedule-list" aria-label="Schedules">
          {schedules.map((schedule) => (
            <One key={schedule.id} schedule={schedule} schedules={found} onChange={() => change(schedule)} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

interface OneProps {
  readonly schedule: Planned;
  readonly schedules: Schedules;
  readonly onChange: () => void;
}

function One({ schedule, schedules, onChange }: OneProps) {
  const [isDoubted, doubt] = useState(false);
  const { report, format, active, deliveries } = schedule;
  return (
    <li>
      <div className="schedule-head">
        <div>
          <strong>{report.name}</strong>
          <p>{describeCadence(schedule)}</p>
          <p className="quiet">{FORMATS[format as FormatName].label}, {describeDestination(schedule)}</p>
          <p className={schedule.state === "ACTIVE" ? "quiet" : "schedule-stopped"}>{describeState(schedule, ownZone())}</p>
        </div>
        {isDoubted ? (
          <div className="schedule-actions" role="group" aria-label={`Delete ${report.name}?`}>
            <span>Delete it, with the record of its deliveries?</span>
            <button type="button" className="primary" autoFocus onClick={() => schedules.remove(schedule)}>Delete</button>
            <button type="button" onClick={() => doubt(false)}>Keep</button>
          </div>
        ) : (
          <div className="schedule-actions">
            <button type="button" aria-label={`Edit ${report.name}`} onClick={onChange}>Edit</button>
            <button type="button" aria-label={`${active ? "Pause" : "Resume"} ${report.name}`} onClick={() => schedules.switchTo(schedule, !active)}>{active ? "Pause" : "Resume"}</button>
            <button type="button" aria-label={`Delete ${report.name}`} onClick={() => doubt(true)}>Delete</button>
          </div>
        )}
      </div>
      <Deliveries schedule={schedule} resend={schedules.resend} key={deliveries.length === 0 ? "none" : "some"} />
    </li>
  );
}

const SHOWN = 3;

interface DeliveriesProps {
  readonly schedule: Planned;
  readonly resend: Schedules["resend"];
}

function Deliveries({ schedule: { report, deliveries, timezone }, resend }: DeliveriesProps) {
  const [showsAll, showAll] = useState(false);
  if (deliveries.length === 0) return <p className="quiet">Not delivered yet.</p>;
  const shown = showsAll ? deliveries : deliveries.slice(0, SHOWN);
  return (
    <>
      <ul className="delivery-list" aria-label={`Deliveries of ${report.name}`}>
        {shown.map((delivery) => (
          <li key={delivery.id}>
            <time dateTime={delivery.dueAt}>{formatInstant(delivery.dueAt, timezone)}</time>
            <span className={delivery.error ? "fault" : "quiet"}>{describeDelivery(delivery, timezone)}</span>
            {delivery.state === "UNCERTAIN" && (
              <button type="button" aria-label={`Send again: ${report.name} of ${formatInstant(delivery.dueAt, timezone)}`} onClick={() => resend(delivery)}>Send again</button>
            )}
          </li>
        ))}
      </ul>
      {deliveries.length > shown.length && <button type="button" className="bare" onClick={() => showAll(true)}>{`Show all ${deliveries.length}`}</button>}
    </>
  );
}
