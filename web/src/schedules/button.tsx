import { lazy, Suspense, useState } from "react";

import { useSession } from "../session/session";
import { canSchedule } from "./allowed";

const SchedulesDialog = lazy(() => import("./schedules_dialog"));

/** Opens the viewer's schedules; nothing for who may not have any. */
export function SchedulesButton() {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  if (!canSchedule(can)) return null;
  return (
    <div className="export-jobs">
      <button type="button" className="bare" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span aria-hidden="true" className="sign">◷</span>
        <span className="word">Schedules</span>
      </button>
      {isOpen && (
        <Suspense>
          <SchedulesDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
