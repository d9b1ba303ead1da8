import { useMemo } from "react";

import { distinct } from "../../api/faults";
import { Fresh } from "../../api/fresh";
import { useAnswer } from "../../api/use_answer";
import { watchedOf } from "../../api/use_live";
import { labelOf } from "../../filters/labels";
import { formatOrder, parseOrder } from "../../filters/order";
import { parsePaging } from "../../filters/paging";
import { useUnread } from "../../filters/unread";
import { describeSlice } from "../../filters/sentence";
import { useOwn } from "../../filters/use_own";
import { useSlice } from "../../filters/use_slice";
import { AgentsChangesDocument, AgentsDocument } from "../../graphql/graphql";
import { Card, Cards } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Pager } from "../../parts/pager";
import { Skeleton } from "../../parts/skeleton";
import { useSession } from "../../session/session";
import { AgentTable } from "./agent_table";
import { BenchmarkNote } from "./benchmark_note";
import { SearchBox } from "./search_box";
import { agentLines, agentsVariables, exportedOf, footLines, listOf, SORTS, USUAL_ORDER, type Ask } from "./view";

const SELECTION =
  "agents(first: 100) { total rows { agent { id name team { name } } ticketsCreated ticketsResolved openTickets responseTime { mean median count } resolutionTime { mean median count } resolutionRate { value count } } }";

/** Every agent with what is theirs; unassigned work is a row. */
export function AgentsPage() {
  const { slice } = useSlice();
  const { can, viewer } = useSession();
  const state = useOwn();
  const { own } = state;
  const canSearch = can("agents:identity:read") && viewer.scope.kind !== "SELF";
  const ask = useMemo(
    (): Ask => ({
      order: parseOrder(own.get("sort"), SORTS, USUAL_ORDER),
      paging: parsePaging(own),
      search: canSearch ? own.get("search") : null,
      canSeeRatings: can("csat:agent:read"),
      hasBenchmark: viewer.scope.kind === "SELF",
    }),
    [own, can, canSearch, viewer],
  );
  useUnread(own, { sort: [formatOrder(ask.order)], limit: [String(ask.paging.limit)] });
  const variables = useMemo(() => agentsVariables(slice, ask), [slice, ask]);
  const { answer, asked, isStale, fault, retry } = useAnswer(AgentsDocument, variables);
  const watches = useMemo(() => [{ document: AgentsChangesDocument, variables: { ...watchedOf(slice, can), ...listOf(ask) } }], [slice, can, ask]);
  const agents = answer?.data.report.agents;

  return (
    <>
      <Fresh watches={watches} shown={answer?.data.report.dataVersion} onChange={retry} />
      {fault && <FaultNote fault={fault} onRetry={retry} />}
      {distinct(answer?.faults ?? []).map((one) => <FaultNote key={one.path} fault={one} onRetry={retry} />)}
      <BenchmarkNote benchmark={answer?.data.report.benchmark} />
      {answer && (
        <>
          <Cards isStale={isStale}>
            <Card title="Agents" span={12} subject={{ slice, metric: "ticketsResolved", report: "agents", exported: exportedOf(ask), explore: { by: "agent" }, selection: SELECTION }}>
              <AgentTable
                lines={agentLines(answer.data)}
                foot={footLines(answer.data, asked.search != null)}
                ask={ask}
                state={state}
                tools={canSearch && <SearchBox label="Search agents" state={state} />}
              />
              {agents?.total === 0 && (
                <Empty>
                  {asked.search ? `No agent with work in this slice has “${asked.search}” in name or id.` : `Nobody had tickets in ${describeSlice(slice, labelOf)}. Widen the period, or remove a filter.`}
                </Empty>
              )}
              {agents && agents.total > 0 && <Pager things="rows" shown={agents.rows.length} total={agents.total} paging={ask.paging} nextCursor={agents.nextCursor} state={state} />}
            </Card>
          </Cards>
          <Foot report={answer.data.report} zone={asked.timezone} />
        </>
      )}
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
