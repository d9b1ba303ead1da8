import { useCallback, useMemo } from "react";

import { TimeChart } from "../../charts/time_chart";
import { selectBuckets } from "../../filters/select_buckets";
import { useSlice } from "../../filters/use_slice";
import { describeChange } from "../../figures/changes";
import { formatValue } from "../../figures/values";
import { Behind, useBefore } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { useSession } from "../../session/session";
import { useTrendAddress } from "./use_trend_address";
import { backlog, type Showing } from "./view";

/** What was open at the end of each bucket. */
export function BacklogCard({ data, trends, slice, zone, before, exported }: Showing) {
  const { change } = useSlice();
  const { metric } = useSession();
  const timeline = useMemo(() => backlog(data, trends, zone), [data, trends, zone]);
  const select = useCallback(
    (first: number, last: number) => change({ ...slice, period: selectBuckets(timeline.starts, timeline.grain, first, last) }),
    [change, slice, timeline],
  );
  const addressOf = useTrendAddress(data, trends, slice, before);
  const compared = useBefore("openTickets", slice, data.report.comparisons);
  const open = data.report.metrics.openTickets;
  const info = metric("openTickets");
  return (
    <Card
      title="Backlog"
      definition={info.definition}
      span={6}
      context="Open at the end of each bucket; the last number is that of the period's end."
      subject={{ slice, metric: "openTickets", report: "trends", exported, explore: { metric: "openTickets", by: "time" }, selection: "trends(grain: DAY) { volume { start open isPartial } }" }}
    >
      <dl className="trends-totals">
        <div>
          <dt>open</dt>
          <dd>
            <Behind metric="openTickets" slice={slice}>{formatValue(open?.value, "TICKETS", open?.suppressed)}</Behind>{" "}
            {open && slice.compareTo !== "none" && (
              <ChangeMark change={describeChange(open, info.better, formatValue(open.previous, "TICKETS"))} missing="There is no number to compare with." before={compared} />
            )}
          </dd>
        </div>
      </dl>
      <TimeChart label="Backlog: open tickets" timeline={timeline} height={220} onSelect={select} addressOf={addressOf} />
    </Card>
  );
}
