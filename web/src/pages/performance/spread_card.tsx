import type { Hue } from "../../charts/colours";
import type { Bucket } from "../../charts/buckets";
import { Histogram } from "../../charts/histogram";
import type { Bounds } from "../../filters/bucket";
import { addressFor, useSlice } from "../../filters/use_slice";
import { describeChange } from "../../figures/changes";
import { formatSeconds } from "../../figures/durations";
import { formatCounted, formatPercent } from "../../figures/numbers";
import { formatValue } from "../../figures/values";
import type { NumberFragment } from "../../graphql/graphql";
import { Behind, useBefore } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { useSession } from "../../session/session";
import type { Spread } from "./view";
import "./performance.css";

interface Props {
  readonly title: string;
  readonly metric: "avgResponseTime" | "avgResolutionTime";
  readonly field: "responseTimeDistribution" | "resolutionTimeDistribution";
  readonly spread: Spread;
  readonly mean: NumberFragment | null;
  readonly comparisons: readonly Bounds[];
  readonly hue: Hue;
}

/** How long something takes: its median and mean, and the durations behind them. */
export function SpreadCard({ title, metric, field, spread, mean, comparisons, hue }: Props) {
  const { slice } = useSlice();
  const session = useSession();
  const info = session.metric(metric);
  const before = useBefore(metric, slice, comparisons);
  const ticks = [
    { label: "median", seconds: spread.median },
    { label: "p90", seconds: spread.p90 },
    { label: "p95", seconds: spread.p95 },
  ];
  const leads = session.can("tickets:detail:read");
  const addressOf = ({ from, to }: Bucket): string | null =>
    leads ? addressFor("/tickets", slice, { metric, bucket: `${from}-${to ?? ""}` }) : null;

  return (
    <Card
      title={title}
      definition={info.definition}
      span={6}
      context={<><Behind metric={metric} slice={slice}>{formatCounted(spread.count, "durations")}</Behind>. Percentiles are at most {formatPercent(0.01)} off.</>}
      advice={leads && "Click a bar for its tickets."}
      subject={{ slice, metric, report: "performance", explore: { metric }, selection: `performance { ${field} { count mean median p90 p95 buckets { from to count share } } }` }}
    >
      <dl className="spread">
        <Figure name="median" metric={metric} seconds={spread.median} isMain />
        <Figure name="p90" metric={metric} seconds={spread.p90} />
        <Figure name="p95" metric={metric} seconds={spread.p95} />
        <div>
          <dt>mean</dt>
          <dd>
            <Exact metric={metric} seconds={spread.mean} />{" "}
            {mean && <ChangeMark change={describeChange(mean, info.better, formatValue(mean.previous, "SECONDS"))} missing="Nothing to compare with." before={before} />}
          </dd>
        </div>
      </dl>
      <Histogram label={`${title}: how long it takes`} buckets={spread.buckets} ticks={ticks} hue={hue} addressOf={addressOf} />
    </Card>
  );
}

interface Shown {
  readonly metric: Props["metric"];
  readonly seconds: number | null;
}

function Figure({ name, isMain = false, ...shown }: Shown & { name: string; isMain?: boolean }) {
  return (
    <div className={isMain ? "main" : undefined}>
      <dt>{name}</dt>
      <dd>
        <Exact {...shown} />
      </dd>
    </div>
  );
}

function Exact({ metric, seconds }: Shown) {
  const { slice } = useSlice();
  const exact = seconds === null ? "No duration is known in this slice." : formatSeconds(seconds);
  return (
    <Behind metric={metric} slice={slice} hint={exact} isKnown={seconds !== null}>
      {formatValue(seconds, "SECONDS")}
    </Behind>
  );
}
