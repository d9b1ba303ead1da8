// The filters as a sentence: for print, for empty pages, for the ears.

import { DIMENSIONS, DIMENSION_NAMES, wordLabel, type DimensionName } from "./dimensions";
import { namePeriod } from "./periods";
import { COMPARISONS, type Slice } from "./slice";

export type Label = (name: DimensionName, id: string) => string;

/** Billing or Bugs; the id where nobody knows a label. */
export const plainLabel: Label = (name, id) => wordLabel(name, id) ?? id;

const or = new Intl.ListFormat("en", { type: "disjunction" });

/** Last 30 days, with category Billing or Bugs. */
export function describeSlice(slice: Slice, label: Label = plainLabel): string {
  const conditions = DIMENSION_NAMES.flatMap((name) => {
    const ids = slice.filter[name];
    return ids ? [`${DIMENSIONS[name].label.toLowerCase()} ${or.format(ids.map((id) => label(name, id)))}`] : [];
  });
  const filter = conditions.length > 0 ? `, with ${conditions.join(" and ")}` : "";
  return `${namePeriod(slice.period)}${filter}`;
}

/** The sentence that a printed page starts with. */
export function describeAll(slice: Slice, label: Label = plainLabel): string {
  return [
    describeSlice(slice, label),
    `compared with ${COMPARISONS[slice.compareTo]}`,
    `zone ${slice.timezone}`,
    `counted by ${slice.attribution === "event" ? "when things happened" : "when tickets were created"}`,
    `on the ${slice.clock} clock`,
  ].join("; ");
}
