// What a chart over time shows, as plain values.

import type { Slice } from "../filters/slice";
import type { Measure } from "../figures/values";
import type { Grain } from "../graphql/graphql";
import type { Hue } from "./colours";

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly hue: Hue;
  /** A comparison is drawn thin, behind the others. */
  readonly isComparison?: boolean;
  /** What is expected and has not happened: dotted, and shown only where it is known. */
  readonly isExpected?: boolean;
  /** Whose facts its numbers are of, as Tickets takes it; none of estimates, which have no tickets. */
  readonly behind?: Readonly<Record<string, string>> & { readonly metric: string };
  /** The slice of its numbers, where it is not the chart's. */
  readonly slice?: Slice;
}

/** A band between two lines, such as a forecast's; a later one lies on an earlier one. */
export interface Band {
  readonly label: string;
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly hue: Hue;
}

/** A point that something is said about; it is drawn as a ring. */
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
  readonly unit: Measure;
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  readonly marks?: readonly Mark[];
  /** Whether the axis starts at 0; else it starts where the numbers are. */
  readonly fromZero: boolean;
}
