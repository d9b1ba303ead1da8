// Where a time axis has its marks, and what stands there. Places are indexes of buckets: all are equally wide.

import type { Grain } from "../graphql/graphql";
import { dateOf, formatDate } from "../figures/dates";

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const month = new Intl.DateTimeFormat([...navigator.languages], { timeZone: "UTC", month: "short" });

type Choose = (start: string, at: number, starts: readonly string[]) => boolean;

const hourOf = (start: string): number => Number(start.slice(11, 13));
const isMonday: Choose = (start) => dateOf(start).getUTCDay() === 1;
const isNewMonth: Choose = (start, at, starts) => at > 0 && start.slice(0, 7) !== starts[at - 1]?.slice(0, 7);
const isNewQuarter: Choose = (start, at, starts) => isNewMonth(start, at, starts) && Number(start.slice(5, 7)) % 3 === 1;
const isNewYear: Choose = (start, at, starts) => at > 0 && start.slice(0, 4) !== starts[at - 1]?.slice(0, 4);
const every: Choose = () => true;

const CHOICES: Readonly<Record<Grain, readonly Choose[]>> = {
  HOUR: [(start) => hourOf(start) % 3 === 0, (start) => hourOf(start) % 6 === 0, (start) => hourOf(start) % 12 === 0, (start) => hourOf(start) === 0],
  DAY: [every, (_, at) => at % 2 === 0, isMonday, isNewMonth, isNewQuarter, isNewYear],
  WEEK: [every, (_, at) => at % 2 === 0, isNewMonth, isNewQuarter, isNewYear],
  MONTH: [every, (_, at) => at % 2 === 0, isNewQuarter, isNewYear],
  QUARTER: [every, isNewYear],
  YEAR: [every, (_, at) => at % 5 === 0],
};

/** At most `max` marks, at the places that people know: midnights, Mondays, firsts of months. */
export function ticksOf(starts: readonly string[], grain: Grain, max: number): readonly Tick[] {
  const places = CHOICES[grain].map((choose) => starts.flatMap((start, at) => (choose(start, at, starts) ? [at] : [])));
  const fitting = places.find((one) => one.length > 1 && one.length <= max) ?? thinned(places.findLast((one) => one.length > max), max) ?? places.find((one) => one.length > 0) ?? [];
  return fitting.map((at) => ({ at, label: labelOf(starts[at] ?? "", grain) }));
}

/** Every second, third, ... of marks that are too many. */
function thinned(places: readonly number[] | undefined, max: number): readonly number[] | undefined {
  const step = Math.ceil((places?.length ?? 0) / max);
  return places?.filter((_, at) => at % step === 0);
}

function labelOf(start: string, grain: Grain): string {
  switch (grain) {
    case "HOUR":
      return hourOf(start) === 0 ? formatDate(start, false) : start.slice(11, 16);
    case "MONTH":
    case "QUARTER":
      return start.slice(5, 7) === "01" ? start.slice(0, 4) : month.format(dateOf(start));
    case "YEAR":
      return start.slice(0, 4);
    default:
      return formatDate(start, false);
  }
}

/** Heights moved apart so that neighbours lie at least `gap` from each other, in the same order, within [low, high]. */
export function spread(heights: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = heights.map((_, index) => index).sort((one, other) => (heights[one] ?? 0) - (heights[other] ?? 0));
  const moved = [...heights];
  let floor = low;
  for (const index of order) {
    moved[index] = Math.max(moved[index] ?? 0, floor);
    floor = (moved[index] ?? 0) + gap;
  }
  let ceiling = high;
  for (const index of order.toReversed()) {
    moved[index] = Math.min(moved[index] ?? 0, ceiling);
    ceiling = (moved[index] ?? 0) - gap;
  }
  return moved;
}
