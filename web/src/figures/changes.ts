// A change against the comparison: its sign, its size, and whether it is for the better.

import type { Better } from "../graphql/graphql";

const percent = new Intl.NumberFormat([...navigator.languages], {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});

/** Below so many facts a change says little. */
export const MIN_COUNT = 30;

/** A smaller change is shown as 0.0 %. */
const VISIBLE = 0.0005;

export type Mood = "better" | "worse" | "plain";

export interface Change {
  readonly text: string;
  readonly arrow: "↑" | "↓" | "→";
  readonly mood: Mood;
  /** Why the mood is plain, or what the change means. */
  readonly note: string;
}

export interface Changing {
  readonly change: number | null;
  readonly count: number | null;
  readonly previous: number | null;
}

/** The change of a value as it is shown; null where nothing was compared. */
export function describeChange(value: Changing, better: Better, previousText: string): Change | null {
  const { change } = value;
  if (change === null) return null;
  const arrow = Math.abs(change) < VISIBLE ? "→" : change > 0 ? "↑" : "↓";
  const text = percent.format(Math.abs(change) < VISIBLE ? 0 : change).replace("-", "−");
  const before = `${previousText} before.`;
  if (value.count !== null && value.count < MIN_COUNT) {
    return { text, arrow, mood: "plain", note: `${before} Only ${value.count} behind it: too few to judge.` };
  }
  if (better === "NEITHER" || Math.abs(change) < VISIBLE) return { text, arrow, mood: "plain", note: before };
  const isBetter = change > 0 === (better === "HIGHER");
  return { text, arrow, mood: isBetter ? "better" : "worse", note: `${before} This is ${isBetter ? "better" : "worse"}.` };
}
