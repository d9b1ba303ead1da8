import { useMemo } from "react";

import { zoneChoices } from "../filters/zone_picker";
import type { Cadence, Weekday } from "../graphql/graphql";
import { Field, type FieldProps } from "./fields";
import { CADENCES, WEEKDAYS } from "./words";

const LAST = "last";
const MONTH_DAYS = Array.from({ length: 28 }, (_, day) => day + 1);

/** How often, on which day, at which time of which zone. */
export function TimingFields({ draft, fault, onChange }: FieldProps) {
  const zones = useMemo(() => zoneChoices(draft.timezone), [draft.timezone]);
  return (
    <div className="timing">
      <Field label="How often" parameters={["cadence"]} fault={fault}>
        {(given) => <Words {...given} words={CADENCES} chosen={draft.cadence} onChoose={(cadence: Cadence) => onChange({ cadence })} />}
      </Field>
      {draft.cadence === "WEEKLY" && (
        <Field label="On" parameters={["weekday"]} fault={fault}>
          {(given) => <Words {...given} words={WEEKDAYS} chosen={draft.weekday} onChoose={(weekday: Weekday) => onChange({ weekday })} />}
        </Field>
      )}
      {draft.cadence === "MONTHLY" && (
        <Field label="On day" parameters={["monthDay"]} fault={fault}>
          {(given) => (
            <select {...given} value={draft.monthDay ?? LAST} onChange={(event) => onChange({ monthDay: event.target.value === LAST ? null : Number(event.target.value) })}>
              {MONTH_DAYS.map((day) => <option key={day} value={day}>{day}</option>)}
              <option value={LAST}>the last of the month</option>
            </select>
          )}
        </Field>
      )}
      <Field label="At" parameters={["time"]} fault={fault}>
        {(given) => <input {...given} type="time" value={draft.time} required onChange={(event) => onChange({ time: event.target.value })} />}
      </Field>
      <Field label="Zone" parameters={["timezone"]} fault={fault}>
        {(given) => (
          <select {...given} value={draft.timezone} onChange={(event) => onChange({ timezone: event.target.value })}>
            {zones.map(({ id, label, note }) => <option key={id} value={id}>{`${label}, ${note}`}</option>)}
          </select>
        )}
      </Field>
    </div>
  );
}

interface WordsProps<Word extends string> {
  readonly id: string;
  readonly words: Readonly<Record<Word, string>>;
  readonly chosen: Word;
  readonly onChoose: (word: Word) => void;
}

function Words<Word extends string>({ words, chosen, onChoose, ...given }: WordsProps<Word>) {
  return (
    <select {...given} value={chosen} onChange={(event) => onChoose(event.target.value as Word)}>
      {(Object.keys(words) as Word[]).map((word) => <option key={word} value={word}>{words[word]}</option>)}
    </select>
  );
}
