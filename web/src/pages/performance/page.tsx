import { useMemo } from "react";

import { Fresh } from "../../api/fresh";
import { useAnswer } from "../../api/use_answer";
import { watchedOf } from "../../api/use_live";
import { BarList } from "../../charts/bar_list";
import { labelOf } from "../../filters/labels";
import { describeSlice } from "../../filters/sentence";
import { variablesOf, withFilter } from "../../filters/slice";
import { addressFor, useSlice } from "../../filters/use_slice";
import { formatCounted } from "../../figures/numbers";
import { PerformanceChangesDocument, PerformanceDocument } from "../../graphql/graphql";
import { Behind } from "../../parts/behind";
import { Card, Cards } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Skeleton } from "../../parts/skeleton";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import { SpreadCard } from "./spread_card";
import { TargetCard } from "./target_card";
import { categoryBars, isEmpty, statusBars, type PerformanceAnswer } from "./view";

/** How fast tickets are answered and resolved, where they stand, and what was promised. */
export default function Performance() {
  const { slice } = useSlice();
  const { can } = useSession();
  const variables = useMemo(() => variablesOf(slice), [slice]);
  const { answer, asked, isStale, fault, retry } = useAnswer(PerformanceDocument, variables);
  const watches = useMemo(() => [{ document: PerformanceChangesDocument, variables: watchedOf(slice, can) }], [slice, can]);
  const performance = answer?.data.report.performance;

  return (
    <>
      <Fresh watches={watches} shown={answer?.data.report.dataVersion} onChange={retry} />
      {fault && <FaultNote fault={fault} onRetry={retry} />}
      {answer?.faults.map((one) => <FaultNote key={one.path} fault={one} onRetry={retry} />)}
      {performance && isEmpty(performance) && <Empty>No tickets in {describeSlice(slice, labelOf)}. Widen the period, or remove a filter.</Empty>}
      {answer && (
        <>
          <Cards isStale={isStale}>
            <Spreads report={answer.data.report} />
            <TargetCard report={answer.data.report} />
            {performance && <Groups performance={performance} />}
          </Cards>
          <Foot report={answer.data.report} zone={asked.timezone} />
        </>
      )}
      {!answer && !fault && <Waiting />}
    </>
  );
}

function Spreads({ report }: { report: PerformanceAnswer["report"] }) {
  const { performance, metrics, comparisons } = report;
  if (!performance) return null;
  return (
    <>
      <SpreadCard metric="avgResponseTime" title="First response" spread={performance.responseTimeDistribution} mean={metrics.avgResponseTime} comparisons={comparisons} hue="--hue-blue" field="responseTimeDistribution" />
      <SpreadCard metric="avgResolutionTime" title="Resolution" spread={performance.resolutionTimeDistribution} mean={metrics.avgResolutionTime} comparisons={comparisons} hue="--hue-green" field="resolutionTimeDistribution" />
    </>
  );
}

function Groups({ performance }: { performance: NonNullable<PerformanceAnswer["report"]["performance"]> }) {
  const { slice, toggle } = useSlice();
  const { can, categoryHues } = useSession();
  const addressOf = (dimension: "status" | "category") => (id: string) =>
    canSeeBehind(can, "ticketsCreated") ? addressFor("/tickets", withFilter(slice, dimension, [id]), { metric: "ticketsCreated" }) : null;
  const statuses = useMemo(() => statusBars(performance), [performance]);
  const categories = useMemo(() => categoryBars(performance, categoryHues), [performance, categoryHues]);
  const total = formatCounted(statuses.reduce((sum, bar) => sum + bar.count, 0), "tickets");
  return (
    <>
      <Card
        title="By status"
        definition="Tickets created in the period, by the status that they have now."
        span={6}
        context={<><Behind metric="ticketsCreated" slice={slice}>{total}</Behind> created in the period, by where they stand now.</>}
        advice="Click to filter."
        subject={{ slice, metric: "ticketsCreated", report: "performance", explore: { metric: "ticketsCreated", by: "status" }, selection: "performance { ticketsByStatus { status count share } }" }}
      >
        <BarList label="Tickets by status" dimension="Status" bars={statuses} chosen={slice.filter.status ?? []} onToggle={(id) => toggle("status", id)} addressOf={addressOf("status")} />
      </Card>
      <Card
        title="By category"
        definition="Tickets created in the period, by the category that they have now."
        span={6}
        subject={{ slice, metric: "ticketsCreated", report: "performance", explore: { metric: "ticketsCreated", by: "category" }, selection: "performance { ticketsByCategory { category { id name } count share } }" }}
      >
        <BarList label="Tickets by category" dimension="Category" bars={categories} chosen={slice.filter.category ?? []} onToggle={(id) => toggle("category", id)} addressOf={addressOf("category")} />
      </Card>
    </>
  );
}

/** Places of the size of what will be there. */
function Waiting() {
  return (
    <Cards isBusy>
      {[0, 1].map((at) => (
        <section key={at} className="card span-6">
          <Skeleton height={343} narrow={410} />
        </section>
      ))}
      <section className="card span-12">
        <Skeleton height={241} narrow={411} />
      </section>
      {[295, 448].map((narrow, at) => (
        <section key={at} className="card span-6">
          <Skeleton height={448} narrow={narrow} />
        </section>
      ))}
    </Cards>
  );
}
