import { useMemo, useState } from "react";

import { Fresh } from "../../api/fresh";
import { useAnswer } from "../../api/use_answer";
import { watchedOf } from "../../api/use_live";
import { labelOf } from "../../filters/labels";
import { describeSlice } from "../../filters/sentence";
import { useSlice } from "../../filters/use_slice";
import { Card, Cards } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { ExportButton } from "../../parts/export/button";
import type { ExportOrder } from "../../parts/export/order";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Segments } from "../../parts/segments";
import { Skeleton } from "../../parts/skeleton";
import { useSession } from "../../session/session";
import { Keeping } from "../../saved/keeping";
import type { ExploreReport } from "./answer";
import type { Choice, ViewName } from "./choice";
import { Composer } from "./composer";
import { exportedOf } from "./exported";
import { questionOf, type Question } from "./document";
import { offeredViews } from "./fitting";
import { GROUPS, type GroupName } from "./groups";
import { HeatCards } from "./heat_cards";
import { LineCards } from "./line_cards";
import { QueryCard } from "./query_card";
import { RowsCard } from "./rows_card";
import type { Reading } from "./table";
import { useChoice } from "./use_choice";
import "./explore.css";

/** A report of one's own. */
export default function Explore() {
  const { slice } = useSlice();
  const { can } = useSession();
  const { choice, shown, choose } = useChoice();
  const posed = useMemo((): Posed => {
    const question = questionOf(choice, slice, new Date());
    return { choice, question, posing: { slice, grain: question.grain, metrics: shown } };
  }, [choice, shown, slice]);
  const { question } = posed;
  const document = useMemo(() => question.document, [question.document.text]);
  const { answer, isStale, fault, retry } = useAnswer(document, question.variables);
  const watches = useMemo(() => [{ document: question.watched, variables: watchedOf(slice, can) }], [question.watched.text, slice, can]);
  const order: ExportOrder = { report: "breakdown", slice, asked: exportedOf(choice, question, titleOf(posed.posing, choice.by)) };
  const answered = useSettled(posed, !isStale);

  return (
    <>
      <Fresh watches={watches} shown={answer?.data.report.dataVersion} onChange={retry} />
      <Composer />
      <div className="report-tools controls">
        <Segments label="View" segments={offeredViews(choice)} chosen={question.view} onChoose={(view) => choose({ ...choice, view })} />
        <ExportButton order={order} />
        <Keeping page="EXPLORE" order={order} />
      </div>
      {fault && <FaultNote fault={fault} onRetry={retry} />}
      {answer?.faults.map((one) => <FaultNote key={one.path} fault={one} onRetry={retry} />)}
      {answer ? (
        <>
          <Cards isStale={isStale}>
            <Report report={answer.data.report} posed={answered} />
            <QueryCard question={question} />
          </Cards>
          <Foot report={answer.data.report} zone={answered.posing.slice.timezone} />
        </>
      ) : (
        !fault && (
          <Cards isBusy>
            <section className="card span-12">
              <Skeleton height={HEIGHTS[question.view]} />
            </section>
          </Cards>
        )
      )}
    </>
  );
}

/** How high a report usually is, of one metric. */
const HEIGHTS: Readonly<Record<ViewName, number>> = { table: 600, line: 379, bar: 599, heatmap: 355 };

/** What is asked, and how its answer is read. */
interface Posed {
  readonly choice: Choice;
  readonly question: Question;
  readonly posing: Posing;
}

type Posing = Pick<Reading, "slice" | "grain" | "metrics">;

/** The last value that was settled: an old answer is read as it was asked. */
function useSettled<Value>(value: Value, isSettled: boolean): Value {
  const [kept, keep] = useState(value);
  if (isSettled && kept !== value) keep(value);
  return isSettled ? value : kept;
}

function Report({ report, posed: { choice, question, posing } }: { report: ExploreReport; posed: Posed }) {
  const { by } = choice;
  const { can } = useSession();
  const reading = useMemo((): Reading => ({ ...posing, period: report.period, comparisons: report.comparisons, can }), [posing, report, can]);
  const { series, breakdown, metrics } = report;
  if (series) return <LineCards series={series} reading={reading} by={by} />;
  if (!breakdown) return null;
  if (breakdown.total === 0) {
    return (
      <Card title={titleOf(reading, by)} span={12}>
        <Empty>
          No rows in {describeSlice(reading.slice, labelOf)}{choice.bounds.length > 0 && " within the bounds"}. Widen the period, or remove a filter{choice.bounds.length > 0 && " or a bound"}.
        </Empty>
      </Card>
    );
  }
  if (question.view === "heatmap") return <HeatCards breakdown={breakdown} reading={reading} by={by} />;
  return (
    <Card title={titleOf(reading, by)} span={12}>
      <RowsCard breakdown={breakdown} whole={metrics} reading={reading} by={by} view={question.view} />
    </Card>
  );
}

/** So many numbers a title names. */
const MAX_NAMED = 3;

const titleOf = ({ metrics }: Posing, by: readonly GroupName[]): string =>
  `${metrics.length > MAX_NAMED ? `${metrics.length} numbers` : metrics.map(({ label }) => label).join(" · ")} by ${by.map((name) => GROUPS[name].label.toLowerCase()).join(", ")}`;
