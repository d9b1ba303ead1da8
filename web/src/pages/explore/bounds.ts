// Bounds as people write and read them: hours and percent, where the gateway counts seconds and shares.

import { formatEdge } from "../../figures/durations";
import { formatCount } from "../../figures/numbers";
import type { Unit } from "../../graphql/graphql";
import type { MetricInfo } from "../../session/session";
import type { Bound } from "./choice";

interface InputUnit {
  /** How many of the gateway's one written is. */
  readonly size: number;
  readonly words: string;
}

const UNITS: Readonly<Record<Unit, InputUnit>> = {
  TICKETS: { size: 1, words: "tickets" },
  EVENTS: { size: 1, words: "" },
  SECONDS: { size: 3_600, words: "hours" },
  RATIO: { size: 0.01, words: "%" },
  SCORE: { size: 1, words: "of 5" },
};

export const inputUnitOf = (unit: Unit): InputUnit => UNITS[unit];

const rounded = (value: number): number => Number(value.toPrecision(12));

/** What was written, as the gateway counts; null where it is no number from 0 on. */
export function readInput(text: string, unit: Unit): number | null {
  const written = text.trim().replace(",", ".");
  return /^\d+(\.\d*)?$|^\.\d+$/.test(written) ? rounded(Number(written) * UNITS[unit].size) : null;
}

/** What the gateway counts, as it is written. */
export const writeInput = (value: number | null, unit: Unit): string => (value === null ? "" : String(rounded(value / UNITS[unit].size)));

const ENDS: Readonly<Record<Unit, (value: number) => string>> = {
  TICKETS: formatCount,
  EVENTS: formatCount,
  SECONDS: formatEdge,
  RATIO: (value) => `${writeInput(value, "RATIO")} %`,
  SCORE: (value) => writeInput(value, "SCORE"),
};

/** at least 200, at most 40 %, 1 h to 8 h. */
export function describeBound({ gte, lte }: Bound, { unit }: Pick<MetricInfo, "unit">): string {
  const end = ENDS[unit];
  if (gte !== null && lte !== null) return `${end(gte)} to ${end(lte)}`;
  return gte !== null ? `at least ${end(gte)}` : `at most ${end(lte ?? 0)}`;
}
