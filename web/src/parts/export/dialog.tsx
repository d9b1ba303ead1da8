import { useEffect, useRef, useState, type FormEvent } from "react";

import { RequestFault, type Fault } from "../../api/faults";
import { describeSlice } from "../../filters/sentence";
import type { Slice } from "../../filters/slice";
import { labelOf } from "../../filters/labels";
import { formatCount } from "../../figures/numbers";
import { Dialog } from "../dialog";
import { FaultNote } from "../fault_note";
import type { ExportMembers, ReportName } from "../subject";
import { download, save } from "./download";
import "./dialog.css";

interface Props {
  readonly report: ReportName | "tickets";
  readonly slice: Slice;
  readonly members?: ExportMembers;
  readonly onClose: () => void;
}

type State =
  | { readonly kind: "choosing" }
  | { readonly kind: "running"; readonly bytes: number }
  | { readonly kind: "done"; readonly name: string; readonly bytes: number }
  | { readonly kind: "failed"; readonly fault: Fault };

const FORMATS: Readonly<Record<string, string>> = {
  csv: "CSV, for spreadsheets",
  json: "JSON, as the API has it",
  ndjson: "NDJSON, a row a line",
};

/** Chooses a format, shows how far the file is, and saves it. */
export default function ExportDialog({ report, slice, members, onClose }: Props) {
  const [state, setState] = useState<State>({ kind: "choosing" });
  const controller = useRef<AbortController>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const start = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const format = String(new FormData(event.currentTarget).get("format"));
    const running = new AbortController();
    controller.current = running;
    setState({ kind: "running", bytes: 0 });
    download({ report, format, slice, members }, (bytes) => setState({ kind: "running", bytes }), running.signal).then(
      (file) => {
        save(file);
        setState({ kind: "done", name: file.name, bytes: file.size });
      },
      (fault: unknown) => {
        if (running.signal.aborted) return;
        setState({ kind: "failed", fault: fault instanceof RequestFault ? fault : new RequestFault("INTERNAL", String(fault)) });
      },
    );
  };

  return (
    <Dialog title={`Export: ${report}`} onClose={onClose}>
      <p className="quiet">{describeSlice(slice, labelOf)}. The file holds the numbers of this page{members?.search !== undefined && `, of those that “${members.search}” finds`}{members?.sort !== undefined && ", in its order"}.</p>
      <form onSubmit={start}>
        <fieldset className="formats">
          <legend>Format</legend>
          {Object.entries(FORMATS).map(([format, text], at) => (
            <label key={format}>
              <input type="radio" name="format" value={format} defaultChecked={at === 0} />
              {text}
            </label>
          ))}
        </fieldset>
        {state.kind === "failed" && <FaultNote fault={state.fault} />}
        <p role="status">
          {state.kind === "running" && `${formatCount(state.bytes)} bytes so far …`}
          {state.kind === "done" && `Saved ${state.name}, ${formatCount(state.bytes)} bytes.`}
        </p>
        <div className="actions">
          <button type="button" onClick={onClose}>
            {state.kind === "done" ? "Close" : "Cancel"}
          </button>
          <button type="submit" className="primary" disabled={state.kind === "running"}>
            Export
          </button>
        </div>
      </form>
    </Dialog>
  );
}
