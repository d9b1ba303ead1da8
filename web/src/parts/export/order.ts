// What is exported: a report of a slice, as the export route takes it.

import type { Slice } from "../../filters/slice";
import { fileMembers, type FileWish } from "./formats";

/** The reports, and what a viewer needs to have one as a file. */
export const REPORTS = {
  summary: { label: "Summary", capability: "reports:summary:read" },
  performance: { label: "Performance", capability: "reports:performance:read" },
  agents: { label: "Agents", capability: "reports:agents:read" },
  trends: { label: "Trends", capability: "reports:trends:read" },
  tickets: { label: "Tickets", capability: "tickets:detail:read" },
  breakdown: { label: "A report of your own", capability: "queries:adhoc:run" },
} as const;

export type ReportName = keyof typeof REPORTS;

/** Members of an export's body beside the slice's, as REST names them. */
export type ExportMembers = Readonly<Record<string, string | readonly string[]>>;

/** What else a report is asked for, and that in words. */
export interface Asked {
  readonly members: ExportMembers;
  readonly words: string;
}

export interface ExportOrder {
  readonly report: ReportName;
  readonly slice: Slice;
  readonly asked?: Asked;
}

/** Whether a viewer may have a report as a file. */
export const canExport = (can: (capability: string) => boolean, report: ReportName): boolean =>
  can("reports:export:create") && can(REPORTS[report].capability);

/** The body of an export: the parameters of the address, as members. */
export function bodyOf({ report, slice, asked }: ExportOrder, wish: FileWish, locale: string = navigator.language): Record<string, unknown> {
  const period = "preset" in slice.period ? { period: slice.period.preset } : slice.period;
  const { timezone, compareTo, attribution, clock, filter } = slice;
  return { report, ...fileMembers(wish, locale), ...period, timezone, compareTo, attribution, clock, ...filter, ...asked?.members };
}
