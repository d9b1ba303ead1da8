// Where the pages are that a saved report can be of.

import type { ReportPage } from "../graphql/graphql";

export const PAGES: Readonly<Record<ReportPage, { readonly name: string; readonly path: string }>> = {
  OVERVIEW: { name: "Overview", path: "/" },
  PERFORMANCE: { name: "Performance", path: "/performance" },
  AGENTS: { name: "Agents", path: "/agents" },
  TRENDS: { name: "Trends", path: "/trends" },
  EXPLORE: { name: "Explore", path: "/explore" },
  TICKETS: { name: "Tickets", path: "/tickets" },
};
