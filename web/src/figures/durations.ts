// Durations as people say them: 45 s, 12 min, 2 h 14 min, 3 d 4 h.

import { formatCount } from "./numbers";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds in at most two units, the smaller one left out where it is zero. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? "−" : "";
  const length = Math.abs(seconds);
  if (length < MINUTE - 0.5) return `${sign}${formatCount(Math.round(length))} s`;
  const minutes = Math.round(length / MINUTE);
  if (minutes < 60) return `${sign}${formatCount(minutes)} min`;
  if (minutes < 24 * 60) return sign + pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(length / HOUR);
  return sign + pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** Seconds in one unit, for axes and the edges of buckets. */
export function formatEdge(seconds: number): string {
  const [size, unit] = seconds >= DAY ? [DAY, "d"] : seconds >= HOUR ? [HOUR, "h"] : seconds >= MINUTE ? [MINUTE, "min"] : [1, "s"];
  return `${formatCount(Math.round((seconds / size) * 10) / 10)} ${unit}`;
}

/** The exact seconds, for tooltips. */
export const formatSeconds = (seconds: number): string => `${formatCount(Math.round(seconds))} s`;

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const first = `${formatCount(large)} ${largeUnit}`;
  return small === 0 ? first : `${first} ${formatCount(small)} ${smallUnit}`;
}
