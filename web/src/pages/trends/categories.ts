// The categories of Trends: who moves fastest comes first.

import { categoryHues, GREY, type Hue } from "../../charts/colours";
import { bucketPeriod, type Bounds } from "../../filters/bucket";
import type { Period } from "../../filters/periods";
import { UNSET, wordLabel } from "../../filters/dimensions";
import type { Changing } from "../../figures/changes";
import type { Trends, TrendsAnswer } from "./view";

type Given = Trends["categories"][number];
type Mover = Trends["fastestMovers"]["risers"][number];

/** Against what a category's change is measured: an earlier period, or the earlier half of this one. */
export type Basis = Trends["fastestMovers"]["basis"];

export interface CategoryPanel {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  readonly values: readonly (number | null)[];
  readonly total: number;
  readonly share: number | null;
  /** What `changing` is measured on: `total`, or the tickets of the later half. */
  readonly count: number;
  readonly changing: Changing | null;
  readonly isMover: boolean;
}

const nameOf = (category: Given["category"]): string => category?.name ?? wordLabel("category", UNSET) ?? UNSET;

/** Risers and fallers together, the largest difference first. */
export const movers = ({ fastestMovers: { risers, fallers } }: Trends): readonly Mover[] =>
  [...risers, ...fallers].toSorted((one, other) => Math.abs(other.difference) - Math.abs(one.difference));

/** Every category over time: the fastest movers first, then the largest. */
export function categoryPanels(data: TrendsAnswer, trends: Trends): readonly CategoryPanel[] {
  const order = movers(trends);
  const hues = categoryHues(allCategories(data, trends));
  return trends.categories
    .map((given): CategoryPanel & { place: number } => {
      const id = given.category?.id ?? null;
      const place = order.findIndex((mover) => (mover.category?.id ?? null) === id);
      const mover = order[place];
      const total = given.points.reduce((sum, count) => sum + count, 0);
      const count = trends.fastestMovers.basis === "HALVES" ? (mover?.count ?? total) : total;
      return {
        id: id ?? UNSET,
        label: nameOf(given.category),
        hue: hues.get(id) ?? GREY,
        values: given.points.map((one, at) => (trends.volume[at]?.open === null ? null : one)),
        total,
        share: given.share,
        count,
        changing: changingOf(given, mover, count),
        isMover: mover !== undefined,
        place: mover ? place : order.length,
      };
    })
    .toSorted((one, other) => one.place - other.place || other.total - one.total)
    .map(({ place: _, ...panel }) => panel);
}

function changingOf(given: Given, mover: Mover | undefined, count: number): Changing | null {
  if (given.previousTotal !== null) return { change: given.change, previous: given.previousTotal, count };
  return mover ? { change: mover.change, previous: mover.previous, count } : null;
}

/** All categories that a slice could have, so that a filter changes no colour. */
function allCategories(data: TrendsAnswer, trends: Trends): readonly (string | null)[] {
  const rows = data.all?.breakdown?.rows;
  return rows ? rows.map(({ keys }) => keys[0]?.id ?? null) : trends.categories.map(({ category }) => category?.id ?? null);
}

/** The earlier and the later half of the buckets that are complete, which movers are of where nothing is compared; none of one bucket. */
export function halvesOf({ volume, grain }: Trends, bounds: Bounds): readonly Period[] {
  const whole = volume.flatMap(({ start, isPartial }) => {
    const period = bucketPeriod(start, grain, bounds);
    return !isPartial && period.since === start ? [period] : [];
  });
  const half = Math.floor(whole.length / 2);
  const joined = (from: number, to: number): Period => ({ since: whole[from]?.since ?? "", until: whole[to]?.until ?? "" });
  return half === 0 ? [] : [joined(0, half - 1), joined(whole.length - half, whole.length - 1)];
}
