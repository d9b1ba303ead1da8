// What Performance shows, made of its answer.

import type { Whole } from "../../api/client";
import type { Bar } from "../../charts/bar_list";
import { GREY, PRIORITY_HUES, STATUS_HUES, type Hue } from "../../charts/colours";
import { PRIORITIES, UNSET, wordLabel } from "../../filters/dimensions";
import type { PerformanceQuery } from "../../graphql/graphql";

export type PerformanceAnswer = Whole<PerformanceQuery>;
type Report = PerformanceAnswer["report"];
type Given = NonNullable<Report["performance"]>;
export type Spread = Given["responseTimeDistribution"];

const idOf = (status: string): string => status.toLowerCase();

/** Tickets by status, in the order of a ticket's life. */
export const statusBars = (performance: Given): readonly Bar[] =>
  performance.ticketsByStatus.map(({ status, count, share }) => ({
    id: idOf(status),
    label: wordLabel("status", idOf(status)) ?? status,
    hue: STATUS_HUES[status] ?? GREY,
    count,
    share,
  }));

/** Tickets by category, the largest first; what is unset last. */
export function categoryBars(performance: Pick<Given, "ticketsByCategory">, hues: ReadonlyMap<string | null, Hue>): readonly Bar[] {
  return performance.ticketsByCategory
    .map(({ category, count, share }) => ({
      id: category?.id ?? UNSET,
      label: category?.name ?? wordLabel("category", UNSET) ?? UNSET,
      hue: hues.get(category?.id ?? null) ?? GREY,
      count,
      share,
    }))
    .toSorted((one, other) => Number(one.id === UNSET) - Number(other.id === UNSET) || other.count - one.count);
}

export interface TargetShare {
  readonly value: number | null;
  readonly count: number | null;
  readonly isSuppressed: boolean;
}

export interface TargetRow {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  readonly response: TargetShare;
  readonly resolution: TargetShare;
}

/** The shares within target by priority, the most urgent first. */
export function targetRows({ breakdown }: Report): readonly TargetRow[] {
  const order = PRIORITIES.map(({ id }): string => id);
  return (breakdown?.rows ?? [])
    .map(({ keys, metrics }): TargetRow => {
      const id = keys[0]?.id ?? UNSET;
      return {
        id,
        label: wordLabel("priority", id) ?? id,
        hue: PRIORITY_HUES[id] ?? GREY,
        response: shareOf(metrics.responseRate),
        resolution: shareOf(metrics.resolutionRate),
      };
    })
    .toSorted((one, other) => order.indexOf(other.id) - order.indexOf(one.id));
}

interface Rated {
  readonly value: number | null;
  readonly count: number | null;
  readonly suppressed: boolean;
}

const shareOf = (given: Rated | null): TargetShare => ({
  value: given?.value ?? null,
  count: given?.count ?? null,
  isSuppressed: given?.suppressed ?? false,
});

/** Whether the slice has neither tickets nor answers. */
export const isEmpty = (performance: Given): boolean =>
  performance.ticketsByStatus.every(({ count }) => count === 0) &&
  performance.responseTimeDistribution.count === 0 &&
  performance.resolutionTimeDistribution.count === 0;
