import type { ReactNode } from "react";

import { wordsFor } from "../../api/faults";
import { Sparkline } from "../../charts/sparkline";
import type { Slice } from "../../filters/slice";
import { describeChange } from "../../figures/changes";
import { formatDuration } from "../../figures/durations";
import { formatCount, formatCounted, formatScore } from "../../figures/numbers";
import { formatValue, formOf } from "../../figures/values";
import { Behind, useBefore } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { Told } from "../../parts/told";
import { useSession } from "../../session/session";
import type { KeyFigure, KeyName, OverviewAnswer } from "./view";

const SELECTIONS: Readonly<Record<KeyName, string>> = {
  openTickets: "summary { openTickets { value previous change } }",
  avgResponseTime: "summary { avgResponseTime { value median p90 p95 count previous change } }",
  resolutionRate: "summary { resolutionRate { value withinTarget withTarget withoutTarget openBreached previous change } }",
  csatScore: "summary { csatScore { value average count histogram previous change } }",
};

interface Props {
  readonly figure: KeyFigure;
  readonly data: OverviewAnswer;
  readonly slice: Slice;
}

/** One key figure: its value, its change, its shape over time, and what stands behind it. */
export function KeyCard({ figure, data, slice }: Props) {
  const { metric } = useSession();
  const { name, value, fault } = figure;
  const info = metric(name);
  const form = formOf(info.unit);
  const previous = formatValue(value?.previous, info.unit);
  const exact = value?.value == null ? (value?.reason ?? "It cannot be known.") : form.exact(value.value);
  const before = useBefore(name, slice, data.report.comparisons);
  const missing = slice.compareTo === "none" ? "Nothing is compared." : "There is no number to compare with.";

  return (
    <Card
      title={info.label}
      definition={info.definition}
      span={3}
      subject={{ slice, metric: name, selection: SELECTIONS[name], report: "summary", explore: { metric: name } }}
      context={fault ? undefined : <Context name={name} data={data} slice={slice} />}
    >
      {fault ? (
        <p className="fault" role="status">
          {wordsFor(fault.kind).title}. <Told text={fault.message} />
        </p>
      ) : (
        <>
          <p className="key-value">
            <Behind metric={name} slice={slice} hint={exact} isKnown={value?.value != null}>{formatValue(value?.value, info.unit, value?.suppressed)}</Behind>
            <ChangeMark change={value && describeChange(value, info.better, previous)} missing={missing} before={before} />
          </p>
          <Sparkline values={figure.values} isPartial={data.report.series?.isPartial ?? []} hue={figure.hue} />
        </>
      )}
    </Card>
  );
}

function Context({ name, data, slice }: { name: KeyName; data: OverviewAnswer; slice: Slice }): ReactNode {
  const { summary, metrics } = data.report;
  switch (name) {
    case "openTickets":
      return (
        <>
          <Behind metric="unassignedTickets" slice={slice}>{counted(metrics.unassignedTickets?.value)} unassigned</Behind>
          {" · "}
          <Behind metric="breachedTickets" slice={slice}>{counted(metrics.breachedTickets?.value)} past target</Behind>
        </>
      );
    case "avgResponseTime": {
      const { median, p90, count } = summary?.avgResponseTime ?? {};
      return (
        <>
          <Behind metric={name} slice={slice} isKnown={median != null}>median {lasting(median)}</Behind>
          {" · "}
          <Behind metric={name} slice={slice} isKnown={p90 != null}>p90 {lasting(p90)}</Behind>
          <br />
          <Behind metric={name} slice={slice}>of {counted(count, "first responses")}</Behind>
        </>
      );
    }
    case "resolutionRate": {
      const { withinTarget, withTarget, withoutTarget, openBreached } = summary?.resolutionRate ?? {};
      return (
        <>
          <Behind metric={name} slice={slice} part={{ of: "within_target" }}>{counted(withinTarget)}</Behind>
          {" of "}
          <Behind metric={name} slice={slice} part={{ of: "with_target" }}>{counted(withTarget)} with a target</Behind>
          <br />
          <Behind metric={name} slice={slice} part={{ of: "without_target" }}>{counted(withoutTarget)} without</Behind>
          {" · "}
          <Behind metric={name} slice={slice} part={{ of: "open_breached" }}>{counted(openBreached)} open past target</Behind>
        </>
      );
    }
    case "csatScore": {
      const { average, count } = summary?.csatScore ?? {};
      return (
        <>
          <Behind metric={name} slice={slice} isKnown={average != null}>average {average == null ? "—" : formatScore(average)} of 5</Behind>
          <br />
          <Behind metric={name} slice={slice}>of {counted(count, "ratings")}</Behind>
        </>
      );
    }
  }
}

const counted = (value: number | null | undefined, things?: string): string => {
  if (value == null) return things ? `— ${things}` : "—";
  return things ? formatCounted(value, things) : formatCount(value);
};
const lasting = (seconds: number | null | undefined): string => (seconds == null ? "—" : formatDuration(seconds));
