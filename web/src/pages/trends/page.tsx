import { useDeferredValue, useMemo } from "react";

import { distinct } from "../../api/faults";
import { Fresh } from "../../api/fresh";
import { useAnswer } from "../../api/use_answer";
import { watchedOf } from "../../api/use_live";
import { boundsOf } from "../../filters/bucket";
import { labelOf } from "../../filters/labels";
import { daysOf } from "../../filters/periods";
import { describeSlice } from "../../filters/sentence";
import type { Slice } from "../../filters/slice";
import { useParameter } from "../../filters/use_parameter";
import { useSlice } from "../../filters/use_slice";
import { TrendsChangesDocument, TrendsDocument, type Grain } from "../../graphql/graphql";
import { Cards } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { FaultNote } from "../../parts/fault_note";
import { Foot } from "../../parts/foot";
import { Segments } from "../../parts/segments";
import { Skeleton } from "../../parts/skeleton";
import { useSession } from "../../session/session";
import { BacklogCard } from "./backlog_card";
import { CategoryCard } from "./category_card";
import { DEFAULT_GRAIN, GRAIN_NAMES, refusalOf, type GrainName } from "./grain";
import { PiecesCard, WeekCard, IndexCard } from "./season_cards";
import { exportedBy, isEmpty, trendsVariables, type Showing } from "./view";
import { VolumeCard } from "./volume_card";
import "./trends.css";

/** How volume changes over time, which categories move, what repeats, and what stands out. */
export default function TrendsPage() {
  const { slice } = useSlice();
  const { can } = useSession();
  const [grain, chooseGrain] = useParameter("grain", GRAIN_NAMES, DEFAULT_GRAIN);
  const variables = useMemo(() => trendsVariables(slice, grain.toUpperCase() as Grain, new Date()), [slice, grain]);
  const { answer, asked, isStale, fault, retry } = useAnswer(TrendsDocument, variables);
  const watches = useMemo(() => [{ document: TrendsChangesDocument, variables: { ...watchedOf(slice, can), grain: variables.grain } }], [slice, can, variables]);
  const trends = answer?.data.report.trends;
  const before = useMemo(() => boundsOf(asked.before), [asked]);
  // The way back to this page is answered by what a screen holds; the cards below it follow in the next pictures.
  const isWhole = useDeferredValue(true, false);

  return (
    <>
      <Fresh watches={watches} shown={answer?.data.report.dataVersion} onChange={retry} />
      <GrainChoice slice={slice} grain={grain} onChoose={chooseGrain} />
      {fault && <FaultNote fault={fault} onRetry={retry} />}
      {answer && distinct(answer.faults).map((one) => <FaultNote key={one.path} fault={one} onRetry={retry} />)}
      {trends && isEmpty(trends) && <Empty>No tickets in {describeSlice(slice, labelOf)}. Widen the period, or remove a filter.</Empty>}
      {answer && (
        <>
          <Cards isStale={isStale}>{trends && <Shown data={answer.data} trends={trends} slice={slice} zone={asked.timezone} before={before} exported={exportedBy(grain)} isWhole={isWhole} />}</Cards>
          <Foot report={answer.data.report} zone={asked.timezone} />
        </>
      )}
      {!answer && !fault && <Waiting />}
    </>
  );
}

function Shown({ isWhole, ...shown }: Showing & { readonly isWhole: boolean }) {
  const { slice, exported, zone } = shown;
  const { seasonality } = shown.trends;
  return (
    <>
      <VolumeCard {...shown} />
      {!isWhole && <WaitingBelow />}
      {isWhole && (
        <>
          <BacklogCard {...shown} />
          <WeekCard slice={slice} exported={exported} season={seasonality} />
          <CategoryCard {...shown} />
          <IndexCard slice={slice} exported={exported} season={seasonality} part="WEEKDAY" />
          <IndexCard slice={slice} exported={exported} season={seasonality} part="MONTH" />
          <PiecesCard slice={slice} exported={exported} season={seasonality} zone={zone} />
        </>
      )}
    </>
  );
}

const GRAIN_LABELS: Readonly<Record<GrainName, string>> = { hour: "Hour", day: "Day", week: "Week", month: "Month", quarter: "Quarter", year: "Year" };

function GrainChoice({ slice, grain, onChoose }: { slice: Slice; grain: GrainName; onChoose: (grain: GrainName) => void }) {
  const days = daysOf(slice.period, slice.timezone, new Date());
  const segments = GRAIN_NAMES.map((id) => ({ id, label: GRAIN_LABELS[id], refusal: refusalOf(id, days) }));
  return (
    <div className="trends-grain controls">
      <Segments label="Bucket" segments={segments} chosen={grain} onChoose={onChoose} />
    </div>
  );
}

/** Places of the size of what will be there. */
function Waiting() {
  return (
    <Cards isBusy>
      <section className="card span-12">
        <Skeleton height={504} narrow={613} />
      </section>
      <WaitingBelow />
    </Cards>
  );
}

function WaitingBelow() {
  return (
    <>
      {[0, 1].map((at) => (
        <section key={at} className="card span-6">
          <Skeleton height={360} narrow={384} />
        </section>
      ))}
      <section className="card span-12">
        <Skeleton height={665} narrow={2014} />
      </section>
    </>
  );
}
