import { useState, type FormEvent } from "react";

import type { ReportPage } from "../graphql/graphql";
import { Dialog } from "../parts/dialog";
import { readWish } from "../parts/export/formats";
import { bodyOf, type ExportOrder } from "../parts/export/order";
import { FaultNote } from "../parts/fault_note";
import { useSaved } from "./use_saved";

interface Props {
  readonly page: ReportPage;
  readonly query: string;
  /** What of it is exported, by which schedules can deliver it; null for who may not. */
  readonly order: ExportOrder | null;
  readonly onClose: () => void;
}

const MAX_NAME = 120;

/** Keeps a page under a name; the name of another report overwrites that one, and says so before. */
export function SaveDialog({ page, query, order, onClose }: Props) {
  const { reports, fault, save } = useSaved();
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const same = reports?.find((one) => one.name === name.trim());

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    void save({ name: name.trim(), page, query, order: order && bodyOf(order, readWish()), id: same?.id ?? null }).then((isKept) => (isKept ? onClose() : setBusy(false)));
  };

  return (
    <Dialog title="Save this report" onClose={onClose}>
      <form onSubmit={submit} className="save-form">
        <label htmlFor="report-name">Name</label>
        <input id="report-name" list="report-names" value={name} maxLength={MAX_NAME} required autoFocus autoComplete="off" onChange={(event) => setName(event.target.value)} />
        <datalist id="report-names">
          {reports?.map((one) => <option key={one.id} value={one.name} />)}
        </datalist>
        <p role="status" className="quiet">
          {same ? "A report has this name. It will be overwritten." : "Only you see it. A period by name, such as Last 30 days, moves on with time."}
        </p>
        {fault && <FaultNote fault={fault} />}
        <div className="actions">
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" className="primary" disabled={isBusy || reports === null}>{same ? "Overwrite" : "Save"}</button>
        </div>
      </form>
    </Dialog>
  );
}
