import { Fragment, lazy, Suspense } from "react";

import { formatBucket } from "../figures/dates";
import { formatValue } from "../figures/values";
import { ChartFrame } from "./frame";
import type { Timeline } from "./timeline";
import "./aligned_charts.css";

const Plot = lazy(() => import("./plot"));

export interface Aligned {
  readonly name: string;
  readonly about: string;
  readonly timeline: Timeline;
}

interface Props {
  readonly label: string;
  /** Charts of the same buckets, from top to bottom. */
  readonly charts: readonly Aligned[];
  readonly height?: number;
  readonly onSelect?: (first: number, last: number) => void;
  /** Where the tickets of a bucket are, whatever the charts make of them. */
  readonly addressOf?: (at: number) => string | null;
}

const TITLE_HEIGHT = 32;
const AXIS_HEIGHT = 28;

/** Small charts over the same time, one below the other, with one pointer and one table. */
export function AlignedCharts({ label, charts, height = 92, onSelect, addressOf }: Props) {
  const [first] = charts;
  if (!first) return null;
  const { starts, grain, zone } = first.timeline;
  const last = charts.length - 1;
  const lines = charts.flatMap(({ timeline }) => timeline.lines.map((line) => ({ line, unit: timeline.unit })));
  const rows = starts.map((start, at) => [formatBucket(start, grain, zone), ...lines.map(({ line, unit }) => formatValue(line.values[at], unit))]);
  return (
    <ChartFrame label={label} head={["Start", ...lines.map(({ line }) => line.label)]} rows={rows} addressOf={(at, column) => (column === 0 ? (addressOf?.(at) ?? null) : null)} height={charts.length * (height + TITLE_HEIGHT) + AXIS_HEIGHT}>
      <div className="aligned">
        {charts.map(({ name, about, timeline }, at) => (
          <Fragment key={name}>
            <h3>
              {name} <span className="quiet">{about}</span>
            </h3>
            <Suspense fallback={<div style={{ height }} />}>
              <Plot label={`${label}: ${name}`} timeline={timeline} height={at === last ? height + AXIS_HEIGHT : height} onSelect={onSelect} company={label} hasTimeAxis={at === last} />
            </Suspense>
          </Fragment>
        ))}
      </div>
    </ChartFrame>
  );
}
