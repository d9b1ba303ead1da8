import { lazy, Suspense } from "react";

import { formatBucket } from "../figures/dates";
import { formatValue } from "../figures/values";
import { ChartFrame } from "./frame";
import type { Line, Timeline } from "./timeline";

const Plot = lazy(() => import("./plot"));

interface Props {
  readonly label: string;
  readonly timeline: Timeline;
  readonly height?: number;
  /** Hears of the buckets that a reader selects, both ends in. */
  readonly onSelect?: (first: number, last: number) => void;
  /** Where the tickets of a line's bucket are. */
  readonly addressOf?: (line: Line, at: number) => string | null;
}

/** A chart over time with its table. */
export function TimeChart({ label, timeline, height = 240, onSelect, addressOf }: Props) {
  const { starts, lines, unit, grain, zone, isPartial, bands = [], marks = [] } = timeline;
  const head = ["Start", ...lines.map((line) => line.label), ...bands.flatMap(({ label: name }) => [`${name}, low`, `${name}, high`]), ...(marks.length > 0 ? ["Stands out"] : [])];
  const rows = starts.map((start, at) => [
    formatBucket(start, grain, zone) + (isPartial[at] ? " (still running)" : ""),
    ...lines.map((line) => formatValue(line.values[at], unit)),
    ...bands.flatMap(({ low, high }) => [formatValue(low[at], unit), formatValue(high[at], unit)]),
    ...(marks.length > 0 ? [marks.find((mark) => mark.at === at)?.text ?? ""] : []),
  ]);
  const cellAddress = (at: number, column: number): string | null => {
    const line = lines[column - 1];
    return line ? (addressOf?.(line, at) ?? null) : null;
  };
  return (
    <ChartFrame label={label} head={head} rows={rows} addressOf={cellAddress} height={height}>
      <Suspense fallback={null}>
        <Plot label={label} timeline={timeline} height={height} onSelect={onSelect} />
      </Suspense>
    </ChartFrame>
  );
}
