// One row of a breakdown, for what no filter says: an hour of the day, a day of the week, an agent by a pseudonym.

import { dimensionInfo, UNSET, type DimensionName } from "../../filters/dimensions";
import { withFilter, type Slice } from "../../filters/slice";
import { formatHour } from "../../figures/dates";
import type { Dimension } from "../../graphql/graphql";
import { GROUPS, isDimension, isGroup, type GroupName } from "../explore/groups";

/** A group, and the id of one of its rows; UNSET for what is unset. */
export type Keyed = readonly [group: GroupName, id: string];

/** A row as the gateway is asked for it. */
export interface Row {
  readonly by: Dimension[];
  readonly keys: (string | null)[];
  /** How it goes on behind the number's label. */
  readonly words: string;
}

/** A slice, and what of it an address says in no filter. */
export interface Narrowed {
  readonly slice: Slice;
  readonly own: Readonly<Record<string, string>>;
}

const MOST = 4;

/** The slice of one row: by filters, as far as the viewer may name their values and they say it; the rest as a row. */
export function narrowed(slice: Slice, keys: readonly Keyed[], can: (capability: string) => boolean): Narrowed {
  const isFilter = ([group, id]: Keyed): boolean => isDimension(group) && mayName(group, can) && saysIt(slice, group, id);
  const filtered = keys.filter(isFilter).reduce((found, [group, id]) => (isDimension(group) ? withFilter(found, group, [id]) : found), slice);
  const rest = keys.filter((key) => !isFilter(key));
  return { slice: filtered, own: rest.length > 0 ? { row: formatRow(rest) } : {} };
}

function mayName(group: DimensionName, can: (capability: string) => boolean): boolean {
  const { capability } = dimensionInfo(group);
  return capability === undefined || can(capability);
}

/** A ticket has several tags: what is filtered by one and has another, no filter of one says. */
const saysIt = ({ filter }: Slice, group: DimensionName, id: string): boolean => group !== "tag" || (filter.tag?.includes(id) ?? true);

/** day_of_week:1,hour_of_day:9 */
export const formatRow = (keys: readonly Keyed[]): string => keys.map(([group, id]) => `${group}:${encodeURIComponent(id)}`).join(",");

/** The row that a parameter names; null where it names none. */
export function parseRow(text: string): Row | null {
  const keys = text.split(",").map((part) => part.split(":"));
  const isRow = keys.every(([group = "", id = "", ...more]) => isGroup(group) && group !== "time" && id !== "" && more.length === 0);
  if (!isRow || keys.length > MOST || new Set(keys.map(([group]) => group)).size < keys.length) return null;
  const named = keys.map(([group = "", id = ""]): Keyed => [group as GroupName, decoded(id)]);
  return {
    by: named.map(([group]) => GROUPS[group].dimension),
    keys: named.map(([, id]) => (id === UNSET ? null : id)),
    words: named.map(wordsOf).join(" "),
  };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

const WEEKDAYS = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"] as const;

function wordsOf([group, id]: Keyed): string {
  if (group === "hour_of_day") return `from ${formatHour(Number(id))} to ${formatHour(Number(id) + 1)}`;
  if (group === "day_of_week") return `on ${WEEKDAYS[Number(id) - 1] ?? id}`;
  return id === UNSET ? `without ${GROUPS[group].label.toLowerCase()}` : `with ${GROUPS[group].label.toLowerCase()} ${id}`;
}
