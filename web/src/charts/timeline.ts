// What a chart over time shows, as plain values.

import type { Grain, Unit } from "../graphql/graphql";
import type { Hue } from "./colours";

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly hue: Hue;
  /** A comparison is drawn thin, behind the others. */
  readonly isComparison?: boolean;
}

/** A band between two lines, such as a forecast's. */
export interface Band {
  readonly label: string;
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly hue: Hue;
}

/** A point that something is said about. */
export interface Mark {
  readonly at: number;
  readonly value: number;
  readonly text: string;
}

export interface Timeline {
  readonly starts: readonly string[];
  readonly isPartial: readonly boolean[];
  readonly grain: Grain;
  readonly zone: string;
  readonly unit: Unit;
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  readonly marks?: readonly Mark[];
  /** Whether the axis starts at 0; else it starts where the numbers are. */
  readonly fromZero: boolean;
}
