import { lazy, Suspense, useState, type FormEvent } from "react";
import { Link } from "wouter";

import { useSlice, withQuery } from "../filters/use_slice";
import { formatInstant } from "../figures/dates";
import { Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { FaultNote } from "../parts/fault_note";
import { Skeleton } from "../parts/skeleton";
import { canSchedule } from "../schedules/allowed";
import { useSession } from "../session/session";
import { PAGES } from "./pages";
import { useSaved, type Kept, type Saved } from "./use_saved";

const ScheduleDialog = lazy(() => import("../schedules/schedule_dialog"));

/** What the viewer kept: open it, rename it, delete it and take that back. */
export function SavedDialog({ onClose }: { onClose: () => void }) {
  const saved = useSaved();
  const { can } = useSession();
  const [deleted, setDeleted] = useState<Kept | null>(null);
  const [delivered, deliver] = useState<Kept | null>(null);
  const { reports, fault } = saved;

  const remove = (report: Kept): void => {
    void saved.remove(report.id).then((isGone) => isGone && setDeleted(report));
  };
  const undo = ({ name, page, query, order }: Kept): void => {
    void saved.save({ name, page, query, order }).then((isBack) => isBack && setDeleted(null));
  };

  if (delivered) {
    return (
      <Suspense>
        <ScheduleDialog delivered={{ kind: "saved", report: delivered }} onClose={onClose} />
      </Suspense>
    );
  }
  return (
    <Dialog title="Saved reports" onClose={onClose}>
      {fault && <FaultNote fault={fault} />}
      {reports === null && !fault && <Skeleton height={88} />}
      {reports?.length === 0 && <Empty>Nothing is saved yet. Save keeps what a page shows under a name.</Empty>}
      <ul className="saved-list">
        {reports?.map((report) => <One key={report.id} report={report} saved={saved} onOpen={onClose} onRemove={() => remove(report)} onDeliver={canSchedule(can) && report.order !== null ? () => deliver(report) : null} />)}
      </ul>
      <p role="status" className="saved-word">
        {deleted && (
          <>
            Deleted “{deleted.name}”. <button type="button" onClick={() => undo(deleted)}>Undo</button>
          </>
        )}
      </p>
    </Dialog>
  );
}

interface OneProps {
  readonly report: Kept;
  readonly saved: Saved;
  readonly onOpen: () => void;
  readonly onRemove: () => void;
  /** null where it cannot be delivered: it keeps no order, or the viewer may not. */
  readonly onDeliver: (() => void) | null;
}

function One({ report, saved, onOpen, onRemove, onDeliver }: OneProps) {
  const [isRenaming, setRenaming] = useState(false);
  const { slice } = useSlice();
  const { id, name, page, query, order } = report;
  const rename = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const next = String(new FormData(event.currentTarget).get("name")).trim();
    void saved.save({ id, name: next, page, query, order }).then((isKept) => isKept && setRenaming(false));
  };
  if (isRenaming) {
    return (
      <li>
        <form onSubmit={rename}>
          <input name="name" aria-label={`New name of ${name}`} defaultValue={name} maxLength={120} required autoFocus autoComplete="off" />
          <button type="submit" className="primary">Rename</button>
          <button type="button" onClick={() => setRenaming(false)}>Cancel</button>
        </form>
      </li>
    );
  }
  return (
    <li>
      <Link href={withQuery(PAGES[page].path, query)} onClick={onOpen}>
        <span className="saved-name">{name}</span>
        <span className="quiet">{PAGES[page].name}, saved {formatInstant(report.updatedAt, slice.timezone)}</span>
      </Link>
      {onDeliver && <button type="button" aria-label={`Deliver ${name} on a schedule`} onClick={onDeliver}>Deliver …</button>}
      <button type="button" aria-label={`Rename ${name}`} onClick={() => setRenaming(true)}>Rename</button>
      <button type="button" aria-label={`Delete ${name}`} onClick={onRemove}>Delete</button>
    </li>
  );
}
