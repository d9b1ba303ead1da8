// The lists of what a filter can name: which dimension has one, and what becomes of it beside the counts of a slice.

import { formatCount } from "../figures/numbers";
import type { LabelsQuery, OptionsQuery } from "../graphql/graphql";
import type { Choice } from "../parts/choice_list";
import { dimensionInfo, UNSET, wordLabel, type DimensionName } from "./dimensions";

type Can = (capability: string) => boolean;

const PICKERS = {
  category: { list: "categories", flag: "ofCategories" },
  team: { list: "teams", flag: "ofTeams", capability: "reports:agents:read" },
  agent: { list: "agents", flag: "ofAgents", capability: "reports:agents:read" },
  organization: { list: "organizations", flag: "ofOrganizations" },
  tag: { list: "tags", flag: "ofTags", capability: "reports:agents:read" },
} as const;

export type PickerName = keyof typeof PICKERS;
type ListName = (typeof PICKERS)[PickerName]["list"];
type Flag = (typeof PICKERS)[PickerName]["flag"];

const NAMES = Object.keys(PICKERS) as readonly PickerName[];

/** Whether a dimension has a list that the viewer may read. */
export function hasPicker(name: DimensionName, can: Can): name is PickerName {
  const picker = name in PICKERS ? PICKERS[name as PickerName] : null;
  return picker !== null && (!("capability" in picker) || can(picker.capability));
}

/** Which lists are asked for. */
export const flagsOf = (asked: readonly DimensionName[]): Record<Flag, boolean> =>
  Object.fromEntries(NAMES.map((name) => [PICKERS[name].flag, asked.includes(name)])) as Record<Flag, boolean>;

/** The ids whose names are asked for, by list. */
export const idsOf = (asked: ReadonlyMap<PickerName, readonly string[]>): Partial<Record<ListName, string[]>> =>
  Object.fromEntries([...asked].map(([name, ids]) => [PICKERS[name].list, [...ids]]));

export interface Listed {
  /** How many there are in all, more than are here where one page has not all. */
  readonly total: number;
  readonly nodes: readonly { readonly id: string; readonly name: string }[];
}

/** What was listed of a dimension; null where it was not asked for, or not told. */
export const listedOf = (name: PickerName, data: Pick<LabelsQuery, ListName> | Pick<OptionsQuery, ListName>): Listed | null => data[PICKERS[name].list] ?? null;

type Counted = NonNullable<NonNullable<OptionsQuery["report"]>["breakdown"]>;

/** The values of a dimension: those of the slice's tickets with their count, the most first; then all others by name. */
export function choicesOf(name: DimensionName, counted: Counted | null, listed: Listed | null): readonly Choice[] {
  const there = (counted?.rows ?? []).map((row) => choiceOf(name, row));
  const seen = new Set(there.map(({ id }) => id));
  // Of more values than were counted nobody knows whether one has no ticket.
  const note = counted && counted.rows.length === counted.total ? "0" : undefined;
  const unset = listed === null ? [] : [{ id: UNSET, label: wordLabel(name, UNSET) ?? UNSET }];
  const others = listed?.nodes.map(({ id, name: label }) => ({ id, label })) ?? [];
  const further = [...(dimensionInfo(name).words ?? []), ...others, ...unset].filter(({ id }) => !seen.has(id));
  return [...there, ...further.map((one): Choice => ({ ...one, note }))];
}

function choiceOf(name: DimensionName, { keys, metrics }: Counted["rows"][number]): Choice {
  const [key] = keys;
  const id = key?.id == null ? UNSET : dimensionInfo(name).words ? key.id.toLowerCase() : key.id;
  const created = metrics.ticketsCreated;
  return { id, label: wordLabel(name, id) ?? key?.label ?? id, note: created?.suppressed ? "<5" : formatCount(created?.value ?? 0) };
}
