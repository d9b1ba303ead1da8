import { Fragment, useCallback, useMemo } from "react";

import { BarList } from "../../charts/bar_list";
import type { Bucket } from "../../charts/buckets";
import { Histogram } from "../../charts/histogram";
import { TimeChart } from "../../charts/time_chart";
import type { Timeline } from "../../charts/timeline";
import { selectBuckets } from "../../filters/select_buckets";
import { withFilter, type Slice } from "../../filters/slice";
import { addressFor, useSlice } from "../../filters/use_slice";
import { formatDuration } from "../../figures/durations";
import { formatCounted } from "../../figures/numbers";
import type { AgentQueryVariables } from "../../graphql/graphql";
import { Behind, bucketsOf, useLineAddress, type LineAddress } from "../../parts/behind";
import { Card } from "../../parts/card";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import { categoryBars } from "../performance/view";
import { GRAIN_NAMES, GRAINS, responseOverTime, targetOverTime, volumeOverTime, type AgentAnswer, type GrainName } from "./view";

interface CoursesProps {
  readonly data: AgentAnswer;
  readonly asked: AgentQueryVariables;
  /** The agent's own slice. */
  readonly slice: Slice;
  readonly grain: GrainName;
  readonly onGrain: (grain: GrainName) => void;
}

/** How the agent's numbers went, beside the team's where these are comparable. */
export function Courses({ data, asked, slice, grain, onGrain }: CoursesProps) {
  const volume = useMemo(() => volumeOverTime(data, asked), [data, asked]);
  const target = useMemo(() => targetOverTime(data, asked, slice), [data, asked, slice]);
  const response = useMemo(() => responseOverTime(data, asked, slice), [data, asked, slice]);
  const own = useMemo(() => bucketsOf(data.report.series, data.report.period), [data]);
  const addressOf = useLineAddress(slice, asked.grain, own);
  const shown = { slice, grain, addressOf };
  return (
    <>
      <GrainSwitch grain={grain} onGrain={onGrain} />
      <Course title="Created and resolved" metric="ticketsResolved" timeline={volume} {...shown} />
      <Course title="First response, mean" metric="avgResponseTime" timeline={response} {...shown} />
      <Course title="Resolved within target" metric="resolutionRate" timeline={target} {...shown} />
    </>
  );
}

interface CourseProps {
  readonly title: string;
  readonly metric: "ticketsResolved" | "avgResponseTime" | "resolutionRate";
  readonly timeline: Timeline;
  readonly slice: Slice;
  readonly grain: GrainName;
  readonly addressOf: LineAddress;
}

function Course({ title, metric, timeline, slice, grain, addressOf }: CourseProps) {
  const { slice: shown, change } = useSlice();
  const session = useSession();
  const select = useCallback(
    (first: number, last: number) => change({ ...shown, period: selectBuckets(timeline.starts, timeline.grain, first, last) }),
    [change, shown, timeline],
  );
  return (
    <Card
      title={title}
      definition={session.metric(metric).definition}
      span={6}
      subject={{ slice, metric, explore: { metric, by: "time" }, selection: `series(grain: ${timeline.grain}) { starts groups { metrics { ${metric} { values counts } } } }` }}
    >
      <TimeChart label={`${title} by ${grain}`} timeline={timeline} onSelect={select} addressOf={addressOf} />
    </Card>
  );
}

/** How wide the buckets are. */
function GrainSwitch({ grain, onGrain }: Pick<CoursesProps, "grain" | "onGrain">) {
  return (
    <div className="grains controls" role="group" aria-label="Charts by">
      {GRAIN_NAMES.map((name) => (
        <button key={name} type="button" className="bare" aria-pressed={name === grain} onClick={() => onGrain(name)}>
          {GRAINS[name]}
        </button>
      ))}
    </div>
  );
}

/** How long the agent's first responses take. */
export function ResponseCard({ data, slice }: { data: AgentAnswer; slice: Slice }) {
  const session = useSession();
  const spread = data.report.performance?.responseTimeDistribution;
  if (!spread) return null;
  const ticks = [
    { label: "median", seconds: spread.median },
    { label: "p90", seconds: spread.p90 },
  ];
  const leads = session.can("tickets:detail:read");
  const addressOf = ({ from, to }: Bucket): string | null =>
    leads ? addressFor("/tickets", slice, { metric: "avgResponseTime", bucket: `${from}-${to ?? ""}` }) : null;
  return (
    <Card
      title="Response times"
      definition={session.metric("avgResponseTime").definition}
      span={6}
      context={
        <>
          <Behind metric="avgResponseTime" slice={slice} isKnown={spread.count > 0}>{formatCounted(spread.count, "first responses")}</Behind>
          {ticks.map(({ label, seconds }) => seconds !== null && <Fragment key={label}>, <Behind metric="avgResponseTime" slice={slice}>{label} {formatDuration(seconds)}</Behind></Fragment>)}.
        </>
      }
      advice={leads && "Click a bar for its tickets."}
      subject={{ slice, metric: "avgResponseTime", report: "performance", explore: { metric: "avgResponseTime" }, selection: "performance { responseTimeDistribution { count median p90 buckets { from to count share } } }" }}
    >
      <Histogram label="First response: how long it takes" buckets={spread.buckets} ticks={ticks} hue="--hue-blue" addressOf={addressOf} />
    </Card>
  );
}

/** What the agent's tickets are about. */
export function CategoryCard({ data, slice }: { data: AgentAnswer; slice: Slice }) {
  const { toggle } = useSlice();
  const { can, categoryHues } = useSession();
  const performance = data.report.performance;
  const chosen = slice.filter.category ?? [];
  const bars = useMemo(() => performance && categoryBars(performance, categoryHues).filter(({ id, count }) => count > 0 || chosen.includes(id)), [performance, categoryHues, chosen]);
  const addressOf = (id: string) => (canSeeBehind(can, "ticketsCreated") ? addressFor("/tickets", withFilter(slice, "category", [id]), { metric: "ticketsCreated" }) : null);
  if (!bars || bars.length === 0) return null;
  return (
    <Card
      title="Categories"
      definition="Tickets created in the period that are the agent’s now, by the category that they have now."
      span={12}
      advice="Click to filter."
      subject={{ slice, metric: "ticketsCreated", report: "performance", explore: { metric: "ticketsCreated", by: "category" }, selection: "performance { ticketsByCategory { category { id name } count share } }" }}
    >
      <BarList label="Tickets by category" dimension="Category" bars={bars} chosen={chosen} onToggle={(id) => toggle("category", id)} addressOf={addressOf} />
    </Card>
  );
}
