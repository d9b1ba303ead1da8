// Days of the calendar as text (2026-03-01), counted without zones: a day is a day.

const DAY_MS = 86_400_000;

const at = (day: string): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The day so many days later. */
export const addDays = (day: string, count: number): string => text(at(day) + count * DAY_MS);

/** How many days lie in [first, after). */
export const daysBetween = (first: string, after: string): number => Math.round((at(after) - at(first)) / DAY_MS);

/** The first day of the month so many months later. */
export function monthStart(day: string, later = 0): string {
  const date = new Date(at(day));
  return text(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1));
}

/** The same day so many years later; 29 February becomes the 28th. */
export function addYears(day: string, count: number): string {
  const date = new Date(at(day));
  const moved = text(Date.UTC(date.getUTCFullYear() + count, date.getUTCMonth(), date.getUTCDate()));
  return moved.slice(5, 7) === day.slice(5, 7) ? moved : addDays(moved, -1);
}

/** The Monday of the day's week. */
export const weekStart = (day: string): string => addDays(day, -((new Date(at(day)).getUTCDay() + 6) % 7));

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The day that an instant lies in, by the zone's wall clock. */
export function dayIn(zone: string, instant: Date): string {
  const found = clocks.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  clocks.set(zone, found);
  return found.format(instant);
}

/** Whether a text is a day of the calendar. */
export const isDay = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at(value)) && text(at(value)) === value;
