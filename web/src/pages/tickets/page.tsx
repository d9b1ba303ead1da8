import { useMemo, useRef, useState } from "react";

import { distinct } from "../../api/faults";
import { Fresh } from "../../api/fresh";
import { useAnswer } from "../../api/use_answer";
import { labelOf } from "../../filters/labels";
import { formatOrder, parseOrder } from "../../filters/order";
import { parsePaging } from "../../filters/paging";
import { useUnread } from "../../filters/unread";
import { describeSlice } from "../../filters/sentence";
import { formatCounted } from "../../figures/numbers";
import { useOwn, type OwnState } from "../../filters/use_own";
import { useSlice } from "../../filters/use_slice";
import { TicketsDocument } from "../../graphql/graphql";
import { Card, Cards } from "../../parts/card";
import { ColumnMenu, useColumns } from "../../parts/columns";
import { DataTable } from "../../parts/data_table";
import { Empty } from "../../parts/empty";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Pager } from "../../parts/pager";
import { Skeleton } from "../../parts/skeleton";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import type { TicketsAnswer } from "./answer";
import { useHeld } from "./use_held";
import { columnsFor, ID } from "./columns";
import { METRICS, pageBehind, parseNumber, shownParts, PART_NAMES, wordsOf, type MetricKey } from "./number";
import { exportedOf, orderText, relevantFaults, sentenceOf, sightOf, sortsFor, ticketsVariables, ticketsWatch, usualColumns, USUAL_ORDER, type Ask } from "./view";
import "./tickets.css";

/** The tickets behind a number, wherever it was clicked. */
export default function Tickets() {
  const { slice } = useSlice();
  const { can, metric: info } = useSession();
  const state = useOwn();
  const { own } = state;
  const ask = useMemo((): Ask => {
    const sight = sightOf(can);
    return { number: parseNumber(own), order: parseOrder(own.get("sort"), sortsFor(sight), USUAL_ORDER), paging: parsePaging(own), sight };
  }, [own, can]);
  useUnread(own, { ...shownParts(own, ask.number), sort: [formatOrder(ask.order)], limit: [String(ask.paging.limit)] });
  const variables = useMemo(() => ticketsVariables(slice, ask), [slice, ask]);
  const asking = useAnswer(TicketsDocument, variables);
  const { isStale, fault, retry } = asking;
  const { answer, asked, news, show, onChange } = useHeld(asking, ask.number);
  const watches = useMemo(() => [ticketsWatch(slice, ask, can)], [slice, ask, can]);
  const { label, definition } = info(ask.number.metric);
  const heading = useRef<HTMLHeadingElement>(null);
  const showNews = (): void => {
    show();
    heading.current?.focus({ preventScroll: true });
  };
  // While another number is on its way, what is shown is the answer to the one before.
  const [settled, settle] = useState(ask);
  if (!isStale && settled !== ask) settle(ask);
  const data = answer && !isStale ? answer.data : null;
  const sentence = data && sentenceOf(ask.number, label, data);

  return (
    <>
      <Fresh watches={watches} shown={asking.answer?.data.report.dataVersion} onChange={onChange} />
      <h1 ref={heading} tabIndex={-1} className="page-title">{sentence?.title ?? `Tickets behind “${label}”${wordsOf(ask.number)}`}</h1>
      <p className="ticket-slice quiet">
        {sentence?.value != null && <>“{label}” is {sentence.value}. </>}
        {describeSlice(slice, labelOf)}. {definition}
      </p>
      {fault && <FaultNote fault={fault} onRetry={retry} />}
      {data && distinct(relevantFaults(ask.number, data, answer?.faults ?? [])).map((one) => <FaultNote key={one.path} fault={one} onRetry={retry} />)}
      {answer && (
        <>
          <Cards isStale={isStale}>
            <List data={answer.data} ask={settled} state={state} />
          </Cards>
          <Foot report={answer.data.report} zone={asked.timezone} />
        </>
      )}
      <div className="news" role="status">
        {news !== null && (
          <p>
            The list has changed: {formatCounted(news, METRICS[ask.number.metric].things)} now.{" "}
            <button type="button" className="controls" onClick={showNews}>Show</button>
          </p>
        )}
      </div>
      {!answer && !fault && (
        <Cards isBusy>
          <section className="card span-12">
            <Skeleton height={640} />
          </section>
        </Cards>
      )}
    </>
  );
}

interface ListProps {
  readonly data: TicketsAnswer;
  readonly ask: Ask;
  readonly state: OwnState;
}

function List({ data, ask, state }: ListProps) {
  const { slice } = useSlice();
  const { can, metric: info, viewer } = useSession();
  const { number, order, paging, sight } = ask;
  const words = METRICS[number.metric];
  const page = pageBehind(number, data.report);
  const columns = useMemo(
    () => columnsFor({ slice, metric: number.metric, sight, isNamed: can("agents:identity:read") }),
    [slice, number, sight, can],
  );
  const chosen = useColumns(`tickets.${words.kind}`, columns, usualColumns(words.kind, viewer.scope.kind));
  const selection = `metrics { ${number.metric} { value count tickets(first: 50) { total nodes { id at status priority } } } }`;

  return (
    <Card title="Tickets" span={12} subject={{ slice, selection, report: "tickets", exported: exportedOf(ask, info(number.metric).label), explore: { metric: number.metric } }}>
      <div className="table-tools controls">
        <MetricChoice metric={number.metric} state={state} />
        <span className="spring" />
        <ColumnMenu all={columns} chosen={chosen} />
      </div>
      {page && page.total > 0 && (
        <>
          <DataTable
            label="Tickets"
            columns={[ID, ...chosen.shown]}
            rows={page.nodes}
            keyOf={({ id, at }) => `${id} ${at}`}
            order={order}
            onOrder={(next) => state.put({ sort: orderText(next), cursor: null })}
          />
          <Pager things={words.things} shown={page.nodes.length} total={page.total} paging={paging} nextCursor={page.nextCursor} state={state} />
        </>
      )}
      {page?.total === 0 && <Empty>{`No ${words.things} behind “${info(number.metric).label}” in ${describeSlice(slice, labelOf)}. Widen the period, or remove a filter.`}</Empty>}
    </Card>
  );
}

/** Chooses another number of the same slice. */
function MetricChoice({ metric, state }: { metric: MetricKey; state: OwnState }) {
  const { can, metric: info } = useSession();
  const none = Object.fromEntries(PART_NAMES.map((name) => [name, null]));
  const names = (Object.keys(METRICS) as MetricKey[]).filter((name) => canSeeBehind(can, name));
  return (
    <label className="metric-choice">
      <span className="quiet">Behind</span>
      <select value={metric} onChange={(event) => state.put({ ...none, metric: event.target.value, sort: null, limit: null, cursor: null })}>
        {names.map((name) => (
          <option key={name} value={name}>
            {info(name).label}
          </option>
        ))}
      </select>
    </label>
  );
}
