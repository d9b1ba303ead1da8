import { useCallback, useMemo } from "react";

import { TimeChart } from "../../charts/time_chart";
import { selectBuckets } from "../../filters/select_buckets";
import type { Bounds } from "../../filters/bucket";
import type { Slice } from "../../filters/slice";
import { useSlice } from "../../filters/use_slice";
import { describeChange } from "../../figures/changes";
import { formatWhole } from "../../figures/numbers";
import { formatValue } from "../../figures/values";
import type { NumberFragment } from "../../graphql/graphql";
import { Behind, useBefore } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { useSession } from "../../session/session";
import { AnomalyList } from "./anomaly_list";
import { useTrendAddress } from "./use_trend_address";
import { expectedTotal, reasonOf, volume, type Season, type Showing, type TrendsAnswer } from "./view";

const SELECTION = "trends(grain: DAY) { volume { start created resolved reopened open isPartial } seasonality { forecast { start expected low high low95 high95 } anomalies { start actual expected score } reasons { part reason } } }";

/** What came in, went out and came back; what is expected next, and the days that stood out. */
export function VolumeCard({ data, trends, slice, zone, before, exported }: Showing) {
  const { change } = useSlice();
  const timeline = useMemo(() => volume(data, trends, zone), [data, trends, zone]);
  const lastOwn = trends.volume.length - 1;
  const select = useCallback(
    (first: number, last: number) => {
      if (first <= lastOwn) change({ ...slice, period: selectBuckets(timeline.starts.slice(0, lastOwn + 1), timeline.grain, first, Math.min(last, lastOwn)) });
    },
    [change, slice, timeline, lastOwn],
  );
  const addressOf = useTrendAddress(data, trends, slice, before);
  const isDaily = trends.grain === "DAY";

  return (
    <Card
      title="Volume"
      definition="Tickets created and resolved, and reopens, by bucket. The forecast is of tickets created: the level of the last 28 days, times weekday and season: an estimate, which has no tickets of its own."
      span={12}
      context={<Context season={trends.seasonality} isDaily={isDaily} />}
      advice="Drag to choose days."
      subject={{ slice, metric: "ticketsCreated", report: "trends", exported, explore: { metric: "ticketsCreated", by: "time" }, selection: SELECTION }}
    >
      <Totals report={data.report} slice={slice} />
      <TimeChart label="Volume: tickets created, resolved, reopened" timeline={timeline} height={300} onSelect={select} addressOf={addressOf} />
      <AnomalyList season={trends.seasonality} slice={slice} />
    </Card>
  );
}

const TOTALS = [
  ["ticketsCreated", "created"],
  ["ticketsResolved", "resolved"],
  ["reopens", "reopened"],
] as const;

function Totals({ report: { metrics, comparisons }, slice }: { report: TrendsAnswer["report"]; slice: Slice }) {
  return (
    <dl className="trends-totals">
      {TOTALS.map(([name, words]) => {
        const value = metrics[name];
        return (
          <div key={name}>
            <dt>{words}</dt>
            <dd>
              <Behind metric={name} slice={slice} isKnown={value?.value != null}>{formatValue(value?.value, "TICKETS", value?.suppressed)}</Behind>{" "}
              {value && slice.compareTo !== "none" && <Change name={name} value={value} slice={slice} comparisons={comparisons} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface ChangeProps {
  readonly name: string;
  readonly value: NumberFragment;
  readonly slice: Slice;
  readonly comparisons: readonly Bounds[];
}

function Change({ name, value, slice, comparisons }: ChangeProps) {
  const { metric } = useSession();
  const before = useBefore(name, slice, comparisons);
  return <ChangeMark change={describeChange(value, metric(name).better, formatValue(value.previous, "TICKETS"))} missing="There is no number to compare with." before={before} />;
}

function Context({ season, isDaily }: { season: Season; isDaily: boolean }) {
  const expected = expectedTotal(season);
  if (expected === null) return <>{reasonOf(season, "FORECAST")}</>;
  const days = season.forecast?.length ?? 0;
  const where = isDaily ? "dotted, with the ranges that hold 80 % and 95 % of such days" : "drawn where the bucket is a day";
  return <>{`The next ${days} days are expected to have ${formatWhole(expected)} tickets: ${where}.`}</>;
}
