// Which views fit what is asked, and why the others do not.

import { isDetail } from "./columns";
import { VIEWS, type Choice, type ViewName } from "./choice";

const ORDER: readonly ViewName[] = ["line", "bar", "heatmap", "table"];

const REFUSALS: Readonly<Record<ViewName, (choice: Choice) => string | null>> = {
  table: () => null,
  line: ({ by, bounds, metrics }) => {
    if (!by.includes("time")) return "A line goes over time: add Time.";
    if (by.length > 2) return "Lines show time and one more dimension.";
    if (metrics.some(isDetail)) return "Lines show metrics alone: take out what stands beside them, or see the table.";
    return bounds.length > 0 ? "A line shows every bucket: remove the bounds." : null;
  },
  bar: ({ by }) => {
    if (by.length > 1) return "Bars show one dimension.";
    return by[0] === "time" ? "Over time a line says more than bars." : null;
  },
  heatmap: ({ by }) => (by.length === 2 ? null : "A heatmap shows two dimensions."),
};

/** Why a view does not fit; null where it does. */
export const refusalOf = (view: ViewName, choice: Choice): string | null => REFUSALS[view](choice);

/** The view that is shown: the chosen one where it fits, else the first that does. */
export function viewOf(choice: Choice): ViewName {
  const fitting = ORDER.filter((view) => refusalOf(view, choice) === null);
  return fitting.find((view) => view === choice.view) ?? fitting[0] ?? "table";
}

export const VIEW_LABELS: Readonly<Record<ViewName, string>> = { table: "Table", line: "Line", bar: "Bars", heatmap: "Heatmap" };

/** Every view with the reason why it cannot be chosen. */
export const offeredViews = (choice: Choice) => VIEWS.map((id) => ({ id, label: VIEW_LABELS[id], refusal: refusalOf(id, choice) }));
