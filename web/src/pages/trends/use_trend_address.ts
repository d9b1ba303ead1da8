import { useMemo } from "react";

import type { Bounds } from "../../filters/bucket";
import type { Slice } from "../../filters/slice";
import { bucketsOf, useLineAddress, type LineAddress } from "../../parts/behind";
import type { Trends, TrendsAnswer } from "./view";

/** Where the tickets behind the lines over time are; `compared` is the period that they are compared with. */
export function useTrendAddress(data: TrendsAnswer, trends: Trends, slice: Slice, compared: Bounds | null): LineAddress {
  const own = useMemo(() => ({ starts: trends.volume.map(({ start }) => start), period: data.report.period }), [data, trends]);
  const before = useMemo(() => bucketsOf(data.before?.series, compared), [data, compared]);
  return useLineAddress(slice, trends.grain, own, before);
}
