import { Fragment, lazy, Suspense, useState, type FormEvent } from "react";
import { useLocation, useSearch } from "wouter";

import { labelOf } from "../../filters/labels";
import { describeAll } from "../../filters/sentence";
import { canSchedule } from "../../schedules/allowed";
import { freshOf } from "../../schedules/fresh";
import { useSession } from "../../session/session";
import { Dialog } from "../dialog";
import { FaultNote } from "../fault_note";
import { CsvChoices } from "./csv_choices";
import { FORMAT_NAMES, FORMATS, keepWish, readWish, type FileWish } from "./formats";
import { describeJob, formatBytes } from "./job";
import { failureOf, helpsInBackground, refusalOf } from "./refusals";
import { REPORTS, type ExportOrder } from "./order";
import { useExport, type Stage } from "./use_export";
import "./dialog.css";

const ScheduleDialog = lazy(() => import("../../schedules/schedule_dialog"));

interface Props {
  readonly order: ExportOrder;
  readonly onClose: () => void;
}

const UNDERWAY: ReadonlySet<Stage["kind"]> = new Set(["asking", "preparing", "receiving"]);

/** Chooses how the file is, shows how far it is, and saves it. */
export default function ExportDialog({ order, onClose }: Props) {
  const [wish, setWish] = useState(readWish);
  const { stage, start, retry, cancel } = useExport(order);
  const { can } = useSession();
  const [path] = useLocation();
  const search = useSearch();
  const [isScheduling, setScheduling] = useState(false);
  const isUnderway = UNDERWAY.has(stage.kind);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    keepWish(wish);
    start(wish);
  };

  if (isScheduling) {
    return (
      <Suspense>
        <ScheduleDialog delivered={freshOf(order, path, search)} onClose={onClose} />
      </Suspense>
    );
  }
  return (
    <Dialog title={`Export: ${REPORTS[order.report].label}`} onClose={onClose}>
      <p className="export-slice">
        {order.asked?.words && <strong>{order.asked.words}. </strong>}
        <span className="quiet">{describeAll(order.slice, labelOf)}.</span>
      </p>
      <form onSubmit={submit}>
        <Choices wish={wish} isFixed={isUnderway} onWish={setWish} />
        {stage.kind === "refused" && (
          <FaultNote fault={stage.fault} {...refusalOf(stage.fault.kind)} onRetry={retry}>
            {helpsInBackground(stage.fault.kind) && <button type="button" onClick={() => start({ ...wish, inBackground: true })}>Prepare in the background</button>}
          </FaultNote>
        )}
        {stage.kind === "failed" && <FaultNote fault={stage.fault} {...failureOf(stage.fault.kind)} onRetry={retry} />}
        <div className="export-status">
          {isUnderway && <progress aria-label="Progress" value={(stage.kind === "preparing" && stage.job.progress.share) || undefined} />}
          <p role="status">{wordsFor(stage)}</p>
          {stage.kind === "preparing" && <p className="quiet">A worker makes the file. Close this if you like: it stays in “Exports”, at the top of the page.</p>}
        </div>
        <div className="actions">
          {canSchedule(can) && !isUnderway && <button type="button" className="bare apart" onClick={() => setScheduling(true)}>Deliver on a schedule …</button>}
          {isUnderway ? <button type="button" onClick={cancel}>Cancel</button> : <button type="button" onClick={onClose}>Close</button>}
          <button type="submit" className="primary" disabled={isUnderway}>
            Export
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function wordsFor(stage: Stage): string {
  switch (stage.kind) {
    case "choosing":
      return stage.isCancelled ? "Cancelled; nothing was saved." : "";
    case "asking":
      return "Being made …";
    case "preparing":
      return `${describeJob(stage.job)} …`;
    case "receiving":
      return `${formatBytes(stage.bytes)} so far …`;
    case "saved":
      return `Saved ${stage.name}, ${formatBytes(stage.bytes)}.`;
    case "refused":
    case "failed":
      return "";
  }
}

interface ChoicesProps {
  readonly wish: FileWish;
  readonly isFixed: boolean;
  readonly onWish: (wish: FileWish) => void;
}

/** The format, how a CSV is written, and whether to wait. */
function Choices({ wish, isFixed, onWish }: ChoicesProps) {
  return (
    <fieldset className="formats" disabled={isFixed}>
      <legend>Format</legend>
      {FORMAT_NAMES.map((format) => (
        <Fragment key={format}>
          <label>
            <input type="radio" name="format" value={format} checked={wish.format === format} onChange={() => onWish({ ...wish, format })} />
            <span>
              {FORMATS[format].label}
              <span className="quiet">, {FORMATS[format].about}</span>
            </span>
          </label>
          {format === "csv" && wish.format === "csv" && <CsvChoices wish={wish} onWish={onWish} />}
        </Fragment>
      ))}
      <label className="background">
        <input type="checkbox" checked={wish.inBackground} onChange={(event) => onWish({ ...wish, inBackground: event.target.checked })} />
        Prepare in the background
      </label>
    </fieldset>
  );
}
