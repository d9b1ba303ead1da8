// A metric's number by its unit: as it is shown, and as it is exactly.

import type { Unit } from "../graphql/graphql";
import { formatDuration, formatEdge, formatSeconds } from "./durations";
import { formatCompact, formatCount, formatDifference, formatExactShare, formatIndex, formatPercent, formatScore, formatShare, formatWhole } from "./numbers";

interface Form {
  readonly shown: (value: number) => string;
  readonly exact: (value: number) => string;
  readonly axis: (value: number) => string;
}

/** What a number measures: a metric's unit, or what trends are made of. */
export type Measure = Unit | "INDEX" | "DIFFERENCE";

const exactScore = new Intl.NumberFormat([...navigator.languages], { maximumFractionDigits: 4 });

const FORMS: Record<Measure, Form> = {
  TICKETS: { shown: formatWhole, exact: formatCount, axis: formatCompact },
  EVENTS: { shown: formatCount, exact: formatCount, axis: formatCompact },
  SECONDS: { shown: formatDuration, exact: formatSeconds, axis: formatEdge },
  RATIO: { shown: formatShare, exact: formatExactShare, axis: formatPercent },
  SCORE: { shown: formatScore, exact: (value) => exactScore.format(value), axis: formatScore },
  INDEX: { shown: formatIndex, exact: (value) => exactScore.format(value), axis: formatIndex },
  DIFFERENCE: { shown: formatDifference, exact: formatDifference, axis: formatDifference },
};

/** How a unit's numbers are written. */
export const formOf = (unit: Measure): Form => FORMS[unit];

/** A number that may be missing: — where it cannot be known, <5 where it is withheld. */
export function formatValue(value: number | null | undefined, unit: Measure, suppressed = false): string {
  if (suppressed && value == null) return "<5";
  return value == null ? "—" : FORMS[unit].shown(value);
}
