// Which metrics and groups a viewer may use; the others are absent.

import type { MetricInfo } from "../../session/session";
import { GROUP_NAMES, GROUPS, type GroupName } from "./groups";

type Can = (capability: string) => boolean;

const OF_RATINGS = "csat:score:read";

/** Whether a metric may be read in rows by these groups: ratings of single agents need more. */
export const mayRead = (can: Can, { capability }: MetricInfo, by: readonly GroupName[]): boolean =>
  can(capability) && (capability !== OF_RATINGS || !by.includes("agent") || can("csat:agent:read"));

/** The groups that may be added to a report of these metrics. */
export const offeredGroups = (can: Can, metrics: readonly MetricInfo[]): readonly GroupName[] =>
  GROUP_NAMES.filter((name) => {
    const { capability } = GROUPS[name];
    return (capability === undefined || can(capability)) && metrics.every((info) => mayRead(can, info, [name]));
  });
