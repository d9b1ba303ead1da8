// What a page shows, as it is saved where it is to be delivered.

import { formatSlice } from "../filters/slice";
import type { ReportPage } from "../graphql/graphql";
import type { ExportOrder, ReportName } from "../parts/export/order";
import { PAGES } from "../saved/pages";
import type { Fresh } from "./use_keeping";

const PAGE_OF: Readonly<Record<ReportName, ReportPage>> = {
  summary: "OVERVIEW",
  performance: "PERFORMANCE",
  agents: "AGENTS",
  trends: "TRENDS",
  tickets: "TICKETS",
  breakdown: "EXPLORE",
};

/** The address by which a saved report opens what is delivered: the page's own, where it is that report's page. */
export function freshOf(order: ExportOrder, path: string, search: string): Fresh {
  const page = PAGE_OF[order.report];
  return { kind: "fresh", order, page, query: PAGES[page].path === path ? search : formatSlice(order.slice) };
}
