// One ramp of a colour, from nothing to the highest number.

import type { Hue } from "./colours";

/** The colour of a number; zero has the ground's. */
export function shadeOf(value: number, highest: number, hue: Hue): string {
  const part = highest > 0 ? Math.round((value / highest) * 100) : 0;
  return `color-mix(in oklab, var(${hue}) ${part}%, var(--sunken))`;
}

const PARTS = [0, 0.25, 0.5, 0.75, 1];

/** The numbers of a legend: from zero to the highest, each whole and each once. */
export const stepsOf = (highest: number): readonly number[] => [...new Set(PARTS.map((part) => Math.round(highest * part)))];

/** The same where the numbers need not be whole, such as shares. */
export const partsOf = (highest: number): readonly number[] => (highest === 0 ? [0] : PARTS.map((part) => highest * part));
