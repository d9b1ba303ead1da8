// The seasons of Trends: by weekday, hour and month, and what the days are made of.

import type { Timeline } from "../../charts/timeline";
import { marksOf, type Season } from "./view";

const names = (options: Intl.DateTimeFormatOptions, days: readonly string[]): readonly string[] => {
  const format = new Intl.DateTimeFormat([...navigator.languages], { timeZone: "UTC", ...options });
  return days.map((day) => format.format(new Date(`${day}T00:00:00Z`)));
};

const padded = (number: number): string => String(number).padStart(2, "0");

const twoDigits = new Intl.NumberFormat([...navigator.languages], { minimumIntegerDigits: 2 });

/** The days of a week, Monday first; 1 January 2024 was one. */
export const WEEKDAYS = names({ weekday: "short" }, Array.from({ length: 7 }, (_, at) => `2024-01-${padded(at + 1)}`));
export const MONTHS = names({ month: "short" }, Array.from({ length: 12 }, (_, at) => `2024-${padded(at + 1)}-01`));
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => twoDigits.format(hour));

export interface Piece {
  readonly name: string;
  readonly about: string;
  readonly timeline: Timeline;
}

/** What each day is made of, as charts of the same days: trend times season, and what remains. */
export function pieces(season: Season, zone: string): readonly Piece[] | null {
  if (!season.decomposition) return null;
  const { starts, trend, seasonal, remainder } = season.decomposition;
  const days = { starts, isPartial: starts.map(() => false), grain: "DAY", zone, fromZero: false } as const;
  const rest = new Map(starts.map((start, at) => [start, remainder[at] ?? 0]));
  return [
    { name: "Trend", about: "tickets a day", timeline: { ...days, unit: "TICKETS", lines: [{ label: "Trend", hue: "--hue-blue", values: trend }] } },
    { name: "Season", about: "weekday times time of the year, around 1", timeline: { ...days, unit: "INDEX", lines: [{ label: "Season", hue: "--hue-green", values: seasonal }] } },
    {
      name: "Remainder",
      about: "tickets that neither explains",
      timeline: { ...days, unit: "DIFFERENCE", lines: [{ label: "Remainder", hue: "--hue-orange", values: remainder }], marks: marksOf(season, starts, (one) => rest.get(one.start) ?? 0) },
    },
  ];
}

/** The weekday and hour in which most tickets come in; null where none do. */
export function busiest(grid: Season["weekdayHour"]): { readonly day: number; readonly hour: number; readonly count: number } | null {
  const cells = grid.flatMap((row, day) => row.map((count, hour) => ({ day, hour, count })));
  const most = cells.reduce((best, cell) => (cell.count > best.count ? cell : best), { day: 0, hour: 0, count: 0 });
  return most.count > 0 ? most : null;
}
