import { useCallback, useMemo } from "react";

import { useAnswer } from "../../api/use_answer";
import { TimeChart } from "../../charts/time_chart";
import { boundsOf } from "../../filters/bucket";
import { labelOf } from "../../filters/labels";
import { describeSlice } from "../../filters/sentence";
import type { Slice } from "../../filters/slice";
import { selectBuckets } from "../../filters/select_buckets";
import { useSlice } from "../../filters/use_slice";
import { formatValue } from "../../figures/values";
import { OverviewDocument, type OverviewQueryVariables } from "../../graphql/graphql";
import { Behind, bucketsOf, useLineAddress } from "../../parts/behind";
import { Card, Cards } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Skeleton } from "../../parts/skeleton";
import { useSession } from "../../session/session";
import { KeyCard } from "./key_card";
import { LiveCard } from "./live_card";
import { backlog, isEmpty, keyFigures, overviewVariables, volume, type OverviewAnswer } from "./view";
import "./overview.css";

/** How support is doing: the four key figures, what comes and goes, what is left, what happens now. */
export default function Overview() {
  const { slice } = useSlice();
  const { can } = useSession();
  const canSeeSatisfaction = can("csat:score:read");
  const variables = useMemo(() => overviewVariables(slice, canSeeSatisfaction, new Date()), [slice, canSeeSatisfaction]);
  const { answer, asked, isStale, fault, retry } = useAnswer(OverviewDocument, variables);
  const figures = answer && keyFigures(answer.data, answer.faults, asked.satisfaction);
  const misread = figures?.every((figure) => figure.fault?.kind === "BAD_USER_INPUT") ? figures[0]?.fault : null;
  const whole = fault ?? misread;

  return (
    <>
      {whole && <FaultNote fault={whole} onRetry={retry} />}
      {answer && !misread && isEmpty(answer.data) && <Empty>No tickets in {describeSlice(slice, labelOf)}. Widen the period, or remove a filter.</Empty>}
      {answer && figures && !misread ? (
        <>
          <Cards isStale={isStale}>
            {figures.map((figure) => (
              <KeyCard key={figure.name} figure={figure} data={answer.data} slice={slice} />
            ))}
            <LiveCard data={answer.data} slice={slice} onChange={retry} />
            <Charts data={answer.data} asked={asked} slice={slice} />
          </Cards>
          <Foot report={answer.data.report} zone={asked.timezone} />
        </>
      ) : (
        !whole && <Waiting count={canSeeSatisfaction ? 4 : 3} />
      )}
    </>
  );
}

interface ChartsProps {
  readonly data: OverviewAnswer;
  readonly asked: OverviewQueryVariables;
  readonly slice: Slice;
}

function Charts({ data, asked, slice }: ChartsProps) {
  const { change } = useSlice();
  const flow = useMemo(() => volume(data, asked), [data, asked]);
  const stock = useMemo(() => backlog(data, asked), [data, asked]);
  const select = useCallback(
    (first: number, last: number) => change({ ...slice, period: selectBuckets(flow.starts, flow.grain, first, last) }),
    [change, slice, flow],
  );
  const own = useMemo(() => bucketsOf(data.report.series, data.report.period), [data]);
  const before = useMemo(() => bucketsOf(data.before?.series, boundsOf(asked.before)), [data, asked]);
  const addressOf = useLineAddress(slice, flow.grain, own, before);
  const { metrics } = data.report;
  const counted = (name: "ticketsCreated" | "ticketsResolved" | "reopens") => (
    <Behind metric={name} slice={slice} isKnown={metrics[name]?.value != null}>{formatValue(metrics[name]?.value, "EVENTS")}</Behind>
  );
  return (
    <>
      <Card
        title="Volume"
        span={6}
        context={<>{counted("ticketsCreated")} created, {counted("ticketsResolved")} resolved, {counted("reopens")} reopened.</>}
        advice="Drag to choose days."
        subject={{ slice, metric: "ticketsCreated", report: "summary", explore: { metric: "ticketsCreated", by: "time" }, selection: "series(grain: DAY) { starts groups { metrics { ticketsCreated { values } ticketsResolved { values } } } }" }}
      >
        <TimeChart label="Volume: tickets created and resolved" timeline={flow} onSelect={select} addressOf={addressOf} />
      </Card>
      <Card
        title="Backlog"
        span={6}
        context="Open at the end of each bucket; past target is past its resolution due instant."
        subject={{ slice, metric: "openTickets", report: "summary", explore: { metric: "openTickets", by: "time" }, selection: "series(grain: DAY) { starts groups { metrics { openTickets { values } breachedTickets { values } unassignedTickets { values } } } }" }}
      >
        <TimeChart label="Backlog: open tickets" timeline={stock} onSelect={select} addressOf={addressOf} />
      </Card>
    </>
  );
}

/** Places of the size of what will be there. */
function Waiting({ count }: { count: number }) {
  return (
    <Cards isBusy>
      {Array.from({ length: count }, (_, at) => (
        <section key={at} className="card span-3">
          <Skeleton height={155} narrow={at === 0 ? 136 : 155} />
        </section>
      ))}
      <section className="card span-12">
        <Skeleton height={83} narrow={157} />
      </section>
      {[0, 1].map((at) => (
        <section key={at} className="card span-6">
          <Skeleton height={322} narrow={341} />
        </section>
      ))}
    </Cards>
  );
}
