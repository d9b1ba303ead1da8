import { useEffect, useMemo } from "react";
import { Link } from "wouter";

import { distinct } from "../../api/faults";
import { Fresh } from "../../api/fresh";
import { useAnswer } from "../../api/use_answer";
import { labelOf } from "../../filters/labels";
import { describeSlice } from "../../filters/sentence";
import { withFilter, type Slice } from "../../filters/slice";
import { useParameter } from "../../filters/use_parameter";
import { addressFor, useSlice } from "../../filters/use_slice";
import { AgentDocument } from "../../graphql/graphql";
import { Card, Cards } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Skeleton } from "../../parts/skeleton";
import { useSession } from "../../session/session";
import { sliceOf } from "../agents/address";
import { BenchmarkNote } from "../agents/benchmark_note";
import { CategoryCard, Courses, ResponseCard } from "./charts";
import { FigureCard } from "./figure_card";
import { agentVariables, agentWatches, GRAIN_NAMES, grainOf, isEmpty, personOf, strangerFault, teamSlice, workFigures, type AgentAnswer, type Ask } from "./view";
import "./agent.css";

/** One agent: what they did, how fast, how that changed, and how it compares with the team. */
export function AgentPage({ id }: { id: string }) {
  const { slice } = useSlice();
  const { can, viewer } = useSession();
  const [grain, chooseGrain] = useParameter("grain", GRAIN_NAMES, grainOf(slice, new Date()));
  const ask = useMemo(
    (): Ask => ({ id, grain, canSeeRatings: can("csat:agent:read"), isSelf: viewer.scope.kind === "SELF" }),
    [id, grain, can, viewer],
  );
  const variables = useMemo(() => agentVariables(slice, ask), [slice, ask]);
  const { answer, asked, isStale, fault, retry } = useAnswer(AgentDocument, variables);
  const watches = useMemo(() => agentWatches(slice, ask, can), [slice, ask, can]);
  const theirs = useMemo(() => sliceOf(id, slice), [id, slice]);
  const stranger = strangerFault(answer?.faults ?? []);
  const ended = fault ?? stranger;
  const data = stranger ? null : answer?.data;
  const name = data ? (personOf(data)?.name ?? id) : ended ? id : null;

  useEffect(() => {
    if (name !== null) document.title = `${name} · deskgraph`;
  }, [name]);

  return (
    <>
      <Fresh watches={watches} shown={answer?.data.report.dataVersion} onChange={retry} />
      <Head data={data ?? null} name={name} slice={slice} />
      {ended && <FaultNote fault={ended} onRetry={retry} />}
      {data && distinct(answer?.faults ?? []).filter(({ path }) => !path.startsWith("report.metrics.")).map((one) => <FaultNote key={one.path} fault={one} onRetry={retry} />)}
      {data && isEmpty(data) && <Empty>{name} had no tickets in {describeSlice(withFilter(slice, "agent", []), labelOf)}. Widen the period, or remove a filter.</Empty>}
      <BenchmarkNote benchmark={data?.report.benchmark} />
      {answer && data && (
        <>
          <Cards isStale={isStale}>
            {workFigures(data, answer.faults, asked.ratings).map((figure) => (
              <FigureCard key={figure.name} figure={figure} slice={theirs} comparisons={data.report.comparisons} team={teamSlice(data, theirs)} />
            ))}
            <Courses data={data} asked={asked} slice={theirs} grain={grain} onGrain={chooseGrain} />
            <ResponseCard data={data} slice={theirs} />
            <CategoryCard data={data} slice={theirs} />
          </Cards>
          <Foot report={data.report} zone={asked.timezone} />
        </>
      )}
      {!answer && !fault && <Waiting count={ask.canSeeRatings ? 8 : 7} />}
    </>
  );
}

function Head({ data, name, slice }: { data: AgentAnswer | null; name: string | null; slice: Slice }) {
  const person = data && personOf(data);
  return (
    <header className="agent-head">
      <p className="controls">
        <Link href={addressFor("/agents", slice)}>Agents</Link>
      </p>
      <h1 className="page-title">{name ?? <Skeleton height={26} width={220} />}</h1>
      <p className="quiet">
        {person?.team && <>Team {person.team.name} · </>}
        {person ? (person.active ? "active" : "inactive") : data ? "nothing of theirs in the last 365 days" : "\u00a0"}
      </p>
    </header>
  );
}

/** Places of the size of what will be there. */
function Waiting({ count }: { count: number }) {
  return (
    <Cards isBusy>
      {Array.from({ length: count }, (_, at) => (
        <section key={at} className="card span-3">
          <Skeleton height={at < 4 ? 127 : 108} narrow={108} />
        </section>
      ))}
      <div className="grains controls">
        <Skeleton height={28} />
      </div>
      {[0, 1, 2, 3].map((at) => (
        <section key={at} className="card span-6">
          <Skeleton height={at < 2 ? 276 : 279} narrow={at % 3 === 0 ? 295 : 316} />
        </section>
      ))}
      <Card title="Categories" span={12}>
        <Skeleton height={250} />
      </Card>
    </Cards>
  );
}
