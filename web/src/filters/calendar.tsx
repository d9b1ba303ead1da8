import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { dateOf } from "../figures/dates";
import { addDays, daysBetween, monthStart, weekStart } from "./days";

interface Props {
  readonly today: string;
  readonly first: string;
  readonly last: string;
  readonly onPick: (day: string) => void;
}

const languages = [...navigator.languages];
const monthName = new Intl.DateTimeFormat(languages, { timeZone: "UTC", month: "long", year: "numeric" });
const weekdayName = new Intl.DateTimeFormat(languages, { timeZone: "UTC", weekday: "short" });
const dayName = new Intl.DateTimeFormat(languages, { timeZone: "UTC", dateStyle: "full" });

const STEPS: Readonly<Record<string, (day: string) => string>> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  Home: (day) => weekStart(day),
  End: (day) => addDays(weekStart(day), 6),
  PageUp: (day) => monthStart(day, -1),
  PageDown: (day) => monthStart(day, 1),
};

/** The weeks that a month touches, from Monday on. */
export function weeksOf(month: string): readonly (readonly string[])[] {
  const start = weekStart(month);
  const count = Math.ceil(daysBetween(start, monthStart(month, 1)) / 7);
  return Array.from({ length: count }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(start, week * 7 + day)));
}

/** One month of days; the arrows go from day to day, Page up and down from month to month. */
export function Calendar({ today, first, last, onPick }: Props) {
  const [focus, setFocus] = useState(last > today ? today : last);
  const table = useRef<HTMLTableElement>(null);
  const hasMoved = useRef(false);
  const month = monthStart(focus);

  useEffect(() => {
    if (hasMoved.current) table.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, [focus]);

  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    hasMoved.current = true;
    setFocus(step(focus));
  };
  const turn = (months: number): void => {
    hasMoved.current = false;
    setFocus(monthStart(focus, months));
  };

  return (
    <div className="calendar">
      <div className="months">
        <button type="button" className="bare" aria-label="The month before" onClick={() => turn(-1)}>‹</button>
        <span aria-live="polite">{monthName.format(dateOf(month))}</span>
        <button type="button" className="bare" aria-label="The month after" onClick={() => turn(1)}>›</button>
      </div>
      <table ref={table} role="grid" aria-label={monthName.format(dateOf(month))} onKeyDown={press}>
        <thead>
          <tr>
            {weeksOf(month)[0]?.map((day) => (
              <th key={day} scope="col">{weekdayName.format(dateOf(day))}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} className={classOf(day, { today, first, last, month })} aria-selected={first <= day && day <= last}>
                  <button type="button" tabIndex={day === focus ? 0 : -1} aria-label={dayName.format(dateOf(day))} onClick={() => onPick(day)}>
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Marks {
  readonly today: string;
  readonly first: string;
  readonly last: string;
  readonly month: string;
}

function classOf(day: string, { today, first, last, month }: Marks): string {
  const classes = {
    within: first < day && day < last,
    first: day === first,
    last: day === last,
    today: day === today,
    other: monthStart(day) !== month,
  };
  return Object.entries(classes).flatMap(([name, holds]) => (holds ? [name] : [])).join(" ");
}
