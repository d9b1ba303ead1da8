// What the gateway answers to a composed report. Its document is text, so its shape is said here.

import type { EnvelopeFragment } from "../../graphql/graphql";
import type { Key } from "./groups";

export interface Value {
  readonly value: number | null;
  readonly count: number | null;
  /** Only where something is compared. */
  readonly previous?: number | null;
  readonly change?: number | null;
  readonly suppressed: boolean;
  readonly reason: string | null;
}

/** The metrics by name; null where the viewer may not see one. */
export type Values = Readonly<Record<string, Value | null | undefined>>;

export interface Row {
  readonly keys: readonly Key[];
  readonly metrics: Values;
}

export interface Breakdown {
  readonly total: number;
  readonly nextCursor: string | null;
  readonly rows: readonly Row[];
}

export interface Column {
  readonly values: readonly (number | null)[];
  readonly counts: readonly (number | null)[];
}

export interface Group {
  readonly key: Key | null;
  readonly metrics: Readonly<Record<string, Column | null | undefined>>;
}

export interface Series {
  readonly starts: readonly string[];
  readonly isPartial: readonly boolean[];
  readonly groups: readonly Group[];
}

export interface ExploreAnswer {
  readonly report:
    | (EnvelopeFragment & { readonly metrics: Values; readonly breakdown?: Breakdown | null; readonly series?: Series | null })
    | null;
}

/** What a composed subscription tells. */
export interface ExploreChange {
  readonly reportChanged: { readonly dataVersion: string };
}

export type ExploreReport = NonNullable<ExploreAnswer["report"]>;
