import type { Bounds } from "../../filters/bucket";
import { withFilter } from "../../filters/slice";
import { useSlice } from "../../filters/use_slice";
import { describeChange } from "../../figures/changes";
import { formatCount, formatExactShare } from "../../figures/numbers";
import { formatValue } from "../../figures/values";
import type { NumberFragment } from "../../graphql/graphql";
import { Behind, useBefore } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { useSession, type MetricInfo } from "../../session/session";
import { targetRows, type PerformanceAnswer, type TargetRow, type TargetShare } from "./view";

/** What was promised and kept: both targets over all, and by priority. */
export function TargetCard({ report }: { report: PerformanceAnswer["report"] }) {
  const { slice, toggle } = useSlice();
  const { metric } = useSession();
  const { responseRate, resolutionRate } = report.metrics;
  const counted = (value: number | null | undefined): string => (value == null ? "—" : formatCount(value));

  return (
    <Card
      title="Within target"
      definition={metric("resolutionRate").definition}
      span={12}
      context={
        <>
          Resolved: <Part of="within_target">{counted(resolutionRate?.withinTarget)}</Part> of <Part of="with_target">{counted(resolutionRate?.withTarget)}</Part> within target,{" "}
          <Part of="without_target">{counted(resolutionRate?.withoutTarget)}</Part> without one; <Part of="open_breached">{counted(resolutionRate?.openBreached)}</Part> still open past it.
        </>
      }
      advice="Click a priority to filter."
      subject={{ slice, metric: "resolutionRate", report: "performance", explore: { metric: "resolutionRate", by: "priority" }, selection: "breakdown(by: [PRIORITY]) { rows { keys { id } metrics { responseRate { value count } resolutionRate { value count } } } }" }}
    >
      <div className="targets">
        <dl className="spread">
          <Rate info={metric("responseRate")} value={responseRate} comparisons={report.comparisons} />
          <Rate info={metric("resolutionRate")} value={resolutionRate} comparisons={report.comparisons} />
        </dl>
        <div className="target-table" role="group" aria-label="Within target by priority" tabIndex={0}>
          <table>
            <caption className="unseen">Within target by priority</caption>
            <thead>
              <tr>
                <th scope="col">Priority</th>
                <th scope="col">First response</th>
                <th scope="col">Resolution</th>
              </tr>
            </thead>
            <tbody>
              {targetRows(report).map((row) => (
                <Row key={row.id} row={row} isChosen={slice.filter.priority?.includes(row.id) ?? false} onToggle={() => toggle("priority", row.id)} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Card>
  );
}

/** A part of what was resolved, which leads to its tickets. */
function Part({ of, children }: { of: string; children: string }) {
  const { slice } = useSlice();
  return (
    <Behind metric="resolutionRate" slice={slice} part={{ of }}>
      {children}
    </Behind>
  );
}

function Rate({ info, value, comparisons }: { info: MetricInfo; value: NumberFragment | null; comparisons: readonly Bounds[] }) {
  const { slice } = useSlice();
  const before = useBefore(info.name, slice, comparisons);
  const exact = value?.value == null ? (value?.reason ?? "It cannot be known.") : `${formatExactShare(value.value)} of ${formatCount(value.count ?? 0)}`;
  return (
    <div className="main">
      <dt>{info.label}</dt>
      <dd>
        <Behind metric={info.name} slice={slice} hint={exact} isKnown={value?.value != null}>{formatValue(value?.value, "RATIO", value?.suppressed)}</Behind>{" "}
        <ChangeMark change={value && describeChange(value, info.better, formatValue(value.previous, "RATIO"))} missing="Nothing to compare with." before={before} />
      </dd>
    </div>
  );
}

function Row({ row, isChosen, onToggle }: { row: TargetRow; isChosen: boolean; onToggle: () => void }) {
  return (
    <tr>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} onClick={onToggle}>
          {row.label}
        </button>
      </th>
      <td>
        <Share metric="responseRate" share={row.response} row={row} />
      </td>
      <td>
        <Share metric="resolutionRate" share={row.resolution} row={row} />
      </td>
    </tr>
  );
}

function Share({ metric, share, row }: { metric: string; share: TargetShare; row: TargetRow }) {
  const { slice } = useSlice();
  const total = share.count === null ? "—" : `of ${formatCount(share.count)}`;
  const own = withFilter(slice, "priority", [row.id]);
  return (
    <span className="target-share">
      <strong>
        <Behind metric={metric} slice={own} isKnown={share.value !== null}>{formatValue(share.value, "RATIO", share.isSuppressed)}</Behind>
      </strong>
      <span className="target-track" aria-hidden="true">
        <span style={{ width: `${(share.value ?? 0) * 100}%`, background: `var(${row.hue})` }} />
      </span>
      <span className="quiet">
        {share.count ? <Behind metric={metric} slice={own}>{total}</Behind> : total}
      </span>
    </span>
  );
}
