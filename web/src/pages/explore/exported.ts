// What an export of a report of one's own is asked for.

import type { Asked } from "../../parts/export/order";
import type { Bound, Choice } from "./choice";
import { sortOf, type Question } from "./document";

/** The rows of the table, all of them: the same groups, numbers, bounds and order. */
export function exportedOf(choice: Choice, { view, grain }: Pick<Question, "view" | "grain">, title: string): Asked {
  const { metrics, by, bounds } = choice;
  const sort = sortOf(choice, view);
  const members = {
    metrics,
    by,
    ...(by.includes("time") && { grain: grain.toLowerCase() }),
    ...(bounds.length > 0 && { having: bounds.flatMap(boundsOf) }),
    ...(sort && { sort: sort.isDescending ? `-${sort.by}` : sort.by }),
  };
  return { members, words: title };
}

// As digits: an order knows no exponents.
const digits = new Intl.NumberFormat("en", { useGrouping: false, maximumFractionDigits: 15 });

const boundsOf = ({ metric, gte, lte }: Bound): readonly string[] => [
  ...(gte === null ? [] : [`${metric}>=${digits.format(gte)}`]),
  ...(lte === null ? [] : [`${metric}<=${digits.format(lte)}`]),
];
