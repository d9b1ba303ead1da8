// How wide the buckets of Trends are.

import { daysBetween } from "../../filters/days";
import type { Days } from "../../filters/periods";
import type { Grain } from "../../graphql/graphql";

/** As the address says it. */
export type GrainName = Lowercase<Grain>;

export const GRAIN_NAMES: readonly GrainName[] = ["hour", "day", "week", "month", "quarter", "year"];
export const DEFAULT_GRAIN: GrainName = "day";

/** The longest period that the gateway cuts into hours. */
const MAX_HOURLY_DAYS = 92;

/** Why a period is not cut so; null where it is. */
export const refusalOf = (grain: GrainName, { first, after }: Days): string | null =>
  grain === "hour" && daysBetween(first, after) > MAX_HOURLY_DAYS ? `Hours are shown of at most ${MAX_HOURLY_DAYS} days.` : null;
