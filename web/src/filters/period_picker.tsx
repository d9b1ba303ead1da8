import { useState } from "react";

import { addDays } from "./days";
import { Calendar } from "./calendar";
import { daysOf, PRESETS, type Period, type PresetName } from "./periods";
import type { Slice } from "./slice";
import { dayIn } from "./days";
import "./period_picker.css";

interface Props {
  readonly slice: Slice;
  readonly onPick: (period: Period) => void;
}

/** Chooses a period: one by name, or from a first to a last day. */
export function PeriodPicker({ slice, onPick }: Props) {
  const today = dayIn(slice.timezone, new Date());
  const days = daysOf(slice.period, slice.timezone, new Date());
  const [first, setFirst] = useState<string | null>(null);
  const chosen = "preset" in slice.period ? slice.period.preset : null;

  const pick = (day: string): void => {
    if (first === null) {
      setFirst(day);
      return;
    }
    const [since, last] = first <= day ? [first, day] : [day, first];
    onPick({ since, until: addDays(last, 1) });
  };

  return (
    <div className="period-picker">
      <div className="presets" role="group" aria-label="Periods by name">
        {(Object.keys(PRESETS) as PresetName[]).map((name) => (
          <button key={name} type="button" aria-pressed={name === chosen} autoFocus={name === chosen} onClick={() => onPick({ preset: name })}>
            {PRESETS[name].label}
          </button>
        ))}
      </div>
      <div>
        <Calendar
          today={today}
          first={first ?? days.first}
          last={first ?? addDays(days.after, -1)}
          onPick={pick}
        />
        <p className="quiet" role="status">{first === null ? "Or choose a first and a last day." : "Now the last day."}</p>
      </div>
    </div>
  );
}
