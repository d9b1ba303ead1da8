// Dates and instants as people read them, in the reader's locale and a given zone.

import { formatCount } from "./numbers";

const languages = (): string[] => [...navigator.languages];

const made = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  const found = made.get(key) ?? new Intl.DateTimeFormat(languages(), { timeZone: zone, ...options });
  made.set(key, found);
  return found;
}

/** A date of the calendar (2026-03-01) as an instant of UTC, for formatting in UTC. */
export const dateOf = (date: string): Date => new Date(`${date.slice(0, 10)}T00:00:00Z`);

/** 1 Mar 2026, or 1 Mar where the year is plain. */
export function formatDate(date: string, withYear = true): string {
  const options: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", ...(withYear && { year: "numeric" }) };
  return formatter("UTC", options).format(dateOf(date));
}

/** Sun 1 Mar 2026. */
export const formatLongDate = (date: string): string =>
  formatter("UTC", { weekday: "short", day: "numeric", month: "short", year: "numeric" }).format(dateOf(date));

/** 1 – 30 Mar 2026: from a first to a last day, both in it. */
export const formatDays = (first: string, last: string): string =>
  formatter("UTC", { day: "numeric", month: "short", year: "numeric" }).formatRange(dateOf(first), dateOf(last));

/** An instant with its time of day: 1 Mar 2026, 14:05. */
export const formatInstant = (instant: string, zone: string): string =>
  formatter(zone, { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));

/** Mon: the day of the week on which an instant lies. */
export const formatWeekday = (instant: string, zone: string): string => formatter(zone, { weekday: "short" }).format(new Date(instant));

/** 14:05:31. */
export const formatTime = (instant: string, zone: string): string =>
  formatter(zone, { timeStyle: "medium" }).format(new Date(instant));

const formatYear = (date: string): string => formatter("UTC", { year: "numeric" }).format(dateOf(date));

/** A full hour of the wall clock, 24 the end of the day: 09:00, 9:00 AM. */
export function formatHour(hour: number): string {
  const { hourCycle } = formatter("UTC", { timeStyle: "short" }).resolvedOptions();
  const cycle = hour === 24 && hourCycle === "h23" ? "h24" : hourCycle;
  return formatter("UTC", { hour: hourCycle === "h12" ? "numeric" : "2-digit", minute: "2-digit", hourCycle: cycle }).format(Date.UTC(2024, 0, 1, hour));
}

/** How long ago: now, 12 s ago, 4 min ago. */
export function formatAge(seconds: number): string {
  const relative = new Intl.RelativeTimeFormat(languages(), { numeric: "auto", style: "short" });
  if (seconds < 60) return relative.format(-Math.max(0, Math.round(seconds)), "second");
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), "hour");
  return relative.format(-Math.round(seconds / 86_400), "day");
}

/** The first day of a bucket as an axis says it, by grain. */
export function formatBucket(start: string, grain: string, zone: string): string {
  switch (grain) {
    case "HOUR":
      return formatter(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(start));
    case "WEEK":
      return `week of ${formatDate(start)}`;
    case "MONTH":
      return formatter("UTC", { month: "long", year: "numeric" }).format(dateOf(start));
    case "QUARTER":
      return `Q${formatCount(Math.floor(dateOf(start).getUTCMonth() / 3) + 1)} ${formatYear(start)}`;
    case "YEAR":
      return formatYear(start);
    default:
      return formatLongDate(start);
  }
}
