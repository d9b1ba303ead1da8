import { lazy, Suspense } from "react";

import { formatBucket } from "../figures/dates";
import { formatValue } from "../figures/values";
import { ChartFrame } from "./frame";
import type { Timeline } from "./timeline";

const Plot = lazy(() => import("./plot"));

interface Props {
  readonly label: string;
  readonly timeline: Timeline;
  readonly height?: number;
  /** Hears of the buckets that a reader selects, both ends in. */
  readonly onSelect?: (first: number, last: number) => void;
}

/** A chart over time with its table. */
export function TimeChart({ label, timeline, height = 240, onSelect }: Props) {
  const { starts, lines, unit, grain, zone, isPartial, bands = [], marks = [] } = timeline;
  const head = ["Start", ...lines.map((line) => line.label), ...bands.flatMap(({ label: name }) => [`${name}, low`, `${name}, high`]), ...(marks.length > 0 ? ["Stands out"] : [])];
  const rows = starts.map((start, at) => [
    formatBucket(start, grain, zone) + (isPartial[at] ? " (still running)" : ""),
    ...lines.map((line) => formatValue(line.values[at], unit)),
    ...bands.flatMap(({ low, high }) => [formatValue(low[at], unit), formatValue(high[at], unit)]),
    ...(marks.length > 0 ? [marks.find((mark) => mark.at === at)?.text ?? ""] : []),
  ]);
  return (
    <ChartFrame label={label} head={head} rows={rows} height={height}>
      <Suspense fallback={null}>
        <Plot label={label} timeline={timeline} height={height} onSelect={onSelect} />
      </Suspense>
    </ChartFrame>
  );
}
