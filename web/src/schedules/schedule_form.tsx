import { useState, type FormEvent } from "react";

import { labelOf } from "../filters/labels";
import { describeAll } from "../filters/sentence";
import { CsvChoices } from "../parts/export/csv_choices";
import { FORMAT_NAMES, FORMATS, readWish, type FileWish, type FormatName } from "../parts/export/formats";
import { FaultNote } from "../parts/fault_note";
import type { Saved } from "../saved/use_saved";
import { DestinationFields } from "./destination_fields";
import { draftOf, fileOf, newDraft, offered, type Destinations, type Draft, type KeptOrder, type Planned } from "./draft";
import { Field, type FieldProps } from "./fields";
import { Foreseen } from "./foreseen";
import { TimingFields } from "./timing_fields";
import { useKeeping, type Delivered, type Fresh } from "./use_keeping";

interface Props {
  readonly delivered: Delivered;
  readonly destinations: Destinations;
  readonly saved: Saved;
  readonly onKept: (schedule: Planned) => void;
  readonly onCancel: () => void;
}

const BESIDE: ReadonlySet<string> = new Set(["name", "order", "cadence", "weekday", "monthDay", "time", "timezone", "emails", "folder"]);

/** What is delivered, when, how and where to. */
export function ScheduleForm({ delivered, destinations, saved: { reports }, onKept, onCancel }: Props) {
  const report = reports?.find(({ id }) => id === reportOf(delivered));
  const [draft, setDraft] = useState(() => firstDraft(delivered, report?.order as KeptOrder | undefined, destinations));
  const [name, setName] = useState("");
  const { fault, isBusy, savedAs, keep } = useKeeping(delivered, onKept);
  const same = delivered.kind === "fresh" ? reports?.find((one) => one.name === name.trim() && one.id !== savedAs) : undefined;
  const change = (changed: Partial<Draft>): void => setDraft((before) => ({ ...before, ...changed }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    keep(draft, name.trim(), same, report);
  };
  const field = { draft, fault, onChange: change };

  return (
    <form onSubmit={submit} className="schedule-form">
      {delivered.kind === "fresh" && <Shown fresh={delivered} />}
      {fault && !BESIDE.has(fault.parameter ?? "") && <FaultNote fault={fault} title="The schedule is not saved" />}
      {delivered.kind === "fresh" && (
        <Field label="Saved as" parameters={["name"]} fault={fault} note={same ? "A report has this name. It will be overwritten." : undefined}>
          {(given) => <input {...given} value={name} maxLength={120} required autoFocus autoComplete="off" onChange={(event) => setName(event.target.value)} />}
        </Field>
      )}
      <TimingFields {...field} />
      <Foreseen timing={draft} />
      <FormatFields {...field} />
      <DestinationFields {...field} destinations={destinations} />
      <div className="actions">
        <button type="button" onClick={onCancel}>Cancel</button>
        <button type="submit" className="primary" disabled={isBusy || offered(destinations).size === 0}>{delivered.kind === "planned" ? "Save" : "Schedule"}</button>
      </div>
    </form>
  );
}

const reportOf = (delivered: Delivered): string | null =>
  delivered.kind === "fresh" ? null : delivered.kind === "saved" ? delivered.report.id : delivered.schedule.report.id;

function firstDraft(delivered: Delivered, order: KeptOrder | undefined, destinations: Destinations): Draft {
  const file = order ? fileOf(order, readWish()) : readWish();
  if (delivered.kind === "planned") return draftOf(delivered.schedule, { ...file, format: delivered.schedule.format as FormatName });
  const zone = delivered.kind === "fresh" ? delivered.order.slice.timezone : order?.timezone;
  const draft = newDraft(typeof zone === "string" ? zone : "UTC", file);
  const ways = offered(destinations);
  return ways.has("folder") && !ways.has("emails") ? { ...draft, way: "folder" } : draft;
}

/** What the page shows, which is what is delivered. */
function Shown({ fresh: { order } }: { fresh: Fresh }) {
  const isFixed = !("preset" in order.slice.period);
  return (
    <p className="export-slice">
      {order.asked?.words && <strong>{order.asked.words}. </strong>}
      <span className="quiet">{describeAll(order.slice, labelOf)}.</span>
      {isFixed && <span> The period is fixed, so that each delivery is of the same days. One by name, such as Last 30 days, moves on.</span>}
    </p>
  );
}

function FormatFields({ draft: { file }, fault, onChange }: FieldProps) {
  const wish = (next: FileWish): void => onChange({ file: next });
  return (
    <div className="formats">
      <Field label="Format" parameters={["order"]} fault={fault}>
        {(given) => (
          <select {...given} value={file.format} onChange={(event) => wish({ ...file, format: event.target.value as FormatName })}>
            {FORMAT_NAMES.map((format) => (
              <option key={format} value={format}>
                {FORMATS[format].label}, {FORMATS[format].about}
              </option>
            ))}
          </select>
        )}
      </Field>
      {file.format === "csv" && <CsvChoices wish={file} onWish={wish} />}
    </div>
  );
}
