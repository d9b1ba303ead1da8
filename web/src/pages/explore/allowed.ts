// Which columns and groups a viewer may use; the others are absent.

import type { MetricInfo } from "../../session/session";
import { columnsOf, type ReportColumn } from "./columns";
import { GROUP_NAMES, GROUPS, type GroupName } from "./groups";

type Can = (capability: string) => boolean;
type Asked = Pick<MetricInfo, "capability">;

const OF_RATINGS = "csat:score:read";
const OF_AGENTS_RATINGS = "csat:agent:read";

/** What reading a metric in rows by these groups needs beyond what the viewer may; ratings of single agents need more. */
export function missing(can: Can, { capability }: Asked, by: readonly GroupName[]): string | null {
  if (!can(capability)) return capability;
  return capability === OF_RATINGS && by.includes("agent") && !can(OF_AGENTS_RATINGS) ? OF_AGENTS_RATINGS : null;
}

/** Whether a metric may be read in rows by these groups. */
export const mayRead = (can: Can, asked: Asked, by: readonly GroupName[]): boolean => missing(can, asked, by) === null;

/** The columns that may be read in rows by these groups, by name. */
export const allowedColumns = (can: Can, metrics: readonly MetricInfo[], by: readonly GroupName[]): ReadonlyMap<string, ReportColumn> =>
  new Map(metrics.filter((metric) => mayRead(can, metric, by)).flatMap((metric) => columnsOf(metric).map((column) => [column.name, column])));

/** The groups that may be added to a report of these metrics. */
export const offeredGroups = (can: Can, metrics: readonly Asked[]): readonly GroupName[] =>
  GROUP_NAMES.filter((name) => {
    const { capability } = GROUPS[name];
    return (capability === undefined || can(capability)) && metrics.every((asked) => mayRead(can, asked, [name]));
  });
