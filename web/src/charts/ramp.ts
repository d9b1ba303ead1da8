// One ramp of a colour, from nothing to the highest number.

import type { Hue } from "./colours";

/** How numbers become shades of a colour. */
export interface Ramp {
  /** How much of the colour a number has: from 0, the ground's own, to 1. */
  readonly partOf: (value: number) => number;
  /** The numbers of the legend. */
  readonly steps: readonly number[];
}

/** The ramp of some numbers. */
export type MakeRamp = (values: readonly number[]) => Ramp;

/** So much of a colour. */
export const shadeOf = (part: number, hue: Hue): string => `color-mix(in oklab, var(${hue}) ${Math.round(part * 100)}%, var(--sunken))`;

const PARTS = [0, 0.25, 0.5, 0.75, 1];

/** From zero to the highest, the numbers of the legend each whole and each once. */
export const countedRamp: MakeRamp = (values) => evenly(values, Math.round);

/** The same where the numbers need not be whole, such as shares. */
export const evenRamp: MakeRamp = (values) => evenly(values, (value) => value);

function evenly(values: readonly number[], round: (value: number) => number): Ramp {
  const highest = Math.max(0, ...values);
  return {
    partOf: (value) => (highest > 0 ? value / highest : 0),
    steps: [...new Set(PARTS.map((part) => round(highest * part)))],
  };
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Durations that people know. */
const LAPS = [1, 10, 60, 300, 900, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];
const MAX_LAPS = 4;
/** What the shortest one has, so that it is not taken for none. */
const LEAST = 0.12;

/** Durations differ by factors: evenly, one that lasted for months would leave all the others pale. */
export const lastingRamp: MakeRamp = (values) => {
  const known = values.filter((value) => value > 0);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (!(low < high)) return evenRamp(values);
  const laps = LAPS.filter((lap) => lap > low && lap < high);
  const every = Math.ceil(laps.length / MAX_LAPS);
  return {
    partOf: (value) => (value > 0 ? LEAST + (1 - LEAST) * (Math.log(value / low) / Math.log(high / low)) : 0),
    steps: [low, ...laps.filter((_, at) => at % every === 0), high],
  };
};
