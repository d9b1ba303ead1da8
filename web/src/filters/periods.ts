// Periods: the presets, and the days that a period covers in a zone. The gateway's answer says which instants counted.

import type { Grain } from "../graphql/graphql";
import { formatDays } from "../figures/dates";
import { addDays, addYears, dayIn, daysBetween, isDay, monthStart, weekStart } from "./days";

/** Days from the first one up to, and without, `after`. */
export interface Days {
  readonly first: string;
  readonly after: string;
}

interface PresetInfo {
  readonly label: string;
  readonly days: (today: string) => Days;
}

const quarterStart = (day: string, later = 0): string =>
  monthStart(day, later * 3 - ((Number(day.slice(5, 7)) - 1) % 3));
const yearStart = (day: string, later = 0): string => `${String(Number(day.slice(0, 4)) + later).padStart(4, "0")}-01-01`;

const lastDays = (count: number) => (today: string): Days => ({ first: addDays(today, 1 - count), after: addDays(today, 1) });

/** The presets by name, in the order in which they are offered. */
export const PRESETS = {
  today: { label: "Today", days: lastDays(1) },
  yesterday: { label: "Yesterday", days: (today) => ({ first: addDays(today, -1), after: today }) },
  last_7_days: { label: "Last 7 days", days: lastDays(7) },
  last_30_days: { label: "Last 30 days", days: lastDays(30) },
  last_90_days: { label: "Last 90 days", days: lastDays(90) },
  last_365_days: { label: "Last 365 days", days: lastDays(365) },
  this_week: { label: "This week", days: (today) => ({ first: weekStart(today), after: addDays(weekStart(today), 7) }) },
  last_week: { label: "Last week", days: (today) => ({ first: addDays(weekStart(today), -7), after: weekStart(today) }) },
  this_month: { label: "This month", days: (today) => ({ first: monthStart(today), after: monthStart(today, 1) }) },
  last_month: { label: "Last month", days: (today) => ({ first: monthStart(today, -1), after: monthStart(today) }) },
  this_quarter: { label: "This quarter", days: (today) => ({ first: quarterStart(today), after: quarterStart(today, 1) }) },
  last_quarter: { label: "Last quarter", days: (today) => ({ first: quarterStart(today, -1), after: quarterStart(today) }) },
  this_year: { label: "This year", days: (today) => ({ first: yearStart(today), after: yearStart(today, 1) }) },
  last_year: { label: "Last year", days: (today) => ({ first: yearStart(today, -1), after: yearStart(today) }) },
} as const satisfies Record<string, PresetInfo>;

export type PresetName = keyof typeof PRESETS;

export type Period = { readonly preset: PresetName } | { readonly since: string; readonly until: string };

export const isPreset = (name: string): name is PresetName => Object.hasOwn(PRESETS, name);

/** The days that a period covers. */
export function daysOf(period: Period, zone: string, now: Date): Days {
  if ("preset" in period) return PRESETS[period.preset].days(dayIn(zone, now));
  const first = isDay(period.since) ? period.since : dayIn(zone, new Date(period.since));
  const after = isDay(period.until) ? period.until : addDays(dayIn(zone, new Date(Date.parse(period.until) - 1)), 1);
  return { first, after };
}

/** A period as people name it: Last 30 days, or 1 – 30 Mar 2026. */
export function namePeriod(period: Period): string {
  if ("preset" in period) return PRESETS[period.preset].label;
  const days = daysOf(period, "UTC", new Date());
  return formatDays(days.first, addDays(days.after, -1));
}

/** The width of the buckets in which a chart of so many days is readable. */
export function grainFor(days: Days): Grain {
  const count = daysBetween(days.first, days.after);
  if (count <= 2) return "HOUR";
  if (count <= 92) return "DAY";
  if (count <= 750) return "WEEK";
  return "MONTH";
}

/** The days that a period is compared with. */
export function comparedDays(days: Days, comparison: string): Days {
  const count = daysBetween(days.first, days.after);
  switch (comparison) {
    case "previous_year":
      return { first: addYears(days.first, -1), after: addYears(days.after, -1) };
    case "previous_year_weekdays":
      return { first: addDays(days.first, -364), after: addDays(days.after, -364) };
    default:
      return { first: addDays(days.first, -count), after: days.first };
  }
}
