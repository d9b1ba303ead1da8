import { useCallback, useMemo } from "react";

import { TimeChart } from "../../charts/time_chart";
import { labelOf } from "../../filters/labels";
import { selectBuckets } from "../../filters/select_buckets";
import { describeSlice } from "../../filters/sentence";
import { useSlice } from "../../filters/use_slice";
import { bucketsOf, useLineAddress } from "../../parts/behind";
import { Card } from "../../parts/card";
import { Empty } from "../../parts/empty";
import type { Series } from "./answer";
import { isFlat, lineCharts, type LineChart } from "./charts";
import { GROUPS, type GroupName } from "./groups";
import { together, type Reading } from "./table";

interface Props {
  readonly series: Series;
  readonly reading: Reading;
  readonly by: readonly GroupName[];
}

/** The report over time: what has one unit in one chart, else a chart a metric. */
export function LineCards({ series, reading, by }: Props) {
  const { slice, change } = useSlice();
  const { grain, metrics } = reading;
  const zone = reading.slice.timezone;
  const charts = useMemo(() => lineCharts(series, metrics, grain, zone, (keys) => together(keys, reading)), [series, metrics, grain, zone, reading]);
  const own = useMemo(() => bucketsOf(series, reading.period), [series, reading]);
  const addressOf = useLineAddress(reading.slice, grain, own);
  const other = by.find((name) => name !== "time");
  const select = useCallback(
    (first: number, last: number) => change({ ...slice, period: selectBuckets(series.starts, grain, first, last) }),
    [change, slice, series, grain],
  );
  return (
    <>
      {charts.every(isFlat) && <Empty>Nothing in {describeSlice(reading.slice, labelOf)}. Widen the period, or remove a filter.</Empty>}
      {charts.map((chart) => (
        <Card key={chart.title} title={chart.title} definition={chart.metrics.length === 1 ? chart.metrics[0]?.definition : undefined} span={12} context={contextOf(chart, other)} advice="Drag to choose days.">
          <TimeChart label={`${chart.title} over time`} timeline={chart.timeline} height={charts.length > 1 ? 220 : 320} onSelect={select} addressOf={addressOf} />
        </Card>
      ))}
    </>
  );
}

function contextOf({ left, hasOthers, timeline }: LineChart, other: GroupName | undefined): string | undefined {
  if (other === undefined || left === 0) return undefined;
  const drawn = timeline.lines.length - (hasOthers ? 1 : 0);
  const summed = timeline.lines.at(-1)?.behind ? "are summed up as others" : "are summed up as others, of which no one list can be had";
  return `The ${drawn} largest by ${GROUPS[other].label.toLowerCase()}; ${left} more ${hasOthers ? summed : "are in the table"}.`;
}
