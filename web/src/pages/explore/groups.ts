// What a report can be grouped by, by the name that an address has for it.

import { DIMENSIONS, DIMENSION_NAMES, dimensionInfo, UNSET, wordLabel, type DimensionName } from "../../filters/dimensions";
import { formatBucket } from "../../figures/dates";
import type { Dimension, Grain } from "../../graphql/graphql";

export type GroupName = DimensionName | "hour_of_day" | "day_of_week" | "time";

interface GroupInfo {
  readonly label: string;
  readonly dimension: Dimension;
  /** What grouping by it needs; a filter by it, which names a value, may need more. */
  readonly capability?: string;
  /** Whether its values have an order of their own. */
  readonly isOrdered: boolean;
}

const filtered = Object.fromEntries(
  DIMENSION_NAMES.map((name) => {
    const { label, dimension, words } = dimensionInfo(name);
    return [name, { label, dimension, isOrdered: words !== undefined }];
  }),
) as Readonly<Record<DimensionName, GroupInfo>>;

/** In the order in which they are offered. */
export const GROUPS: Readonly<Record<GroupName, GroupInfo>> = {
  time: { label: "Time", dimension: "TIME", isOrdered: true },
  ...filtered,
  agent: { ...filtered.agent, capability: "reports:agents:read" },
  hour_of_day: { label: "Hour of day", dimension: "HOUR_OF_DAY", isOrdered: true },
  day_of_week: { label: "Day of week", dimension: "DAY_OF_WEEK", isOrdered: true },
};

export const GROUP_NAMES = Object.keys(GROUPS) as readonly GroupName[];

export const isGroup = (name: string): name is GroupName => Object.hasOwn(GROUPS, name);
export const isDimension = (name: GroupName): name is DimensionName => Object.hasOwn(DIMENSIONS, name);

/** A key as the gateway tells it. */
export interface Key {
  readonly dimension: Dimension;
  readonly id: string | null;
  readonly label: string | null;
  readonly start: string | null;
}

/** The group that a key is of. */
export const groupOf = (key: Key): GroupName => key.dimension.toLowerCase() as GroupName;

/** The id that a filter has for a key. */
export const filterId = ({ id }: Key): string => id ?? UNSET;

/** A key as people read it. */
export function nameKey(key: Key, grain: Grain, zone: string): string {
  const group = groupOf(key);
  if (key.start !== null) return formatBucket(key.start, grain, zone);
  return (isDimension(group) ? wordLabel(group, filterId(key)) : null) ?? key.label ?? UNSET;
}
