import { wordsFor } from "../../api/faults";
import type { Bounds } from "../../filters/bucket";
import type { Slice } from "../../filters/slice";
import { describeChange } from "../../figures/changes";
import { formatDuration } from "../../figures/durations";
import { formatCount, formatCounted } from "../../figures/numbers";
import { formatValue, formOf } from "../../figures/values";
import { Behind, useBefore } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { Hint } from "../../parts/hint";
import { Told } from "../../parts/told";
import { useSession } from "../../session/session";
import type { WorkFigure } from "./view";

/** What a metric's count counts. */
const FACTS: Readonly<Record<WorkFigure["name"], string>> = {
  ticketsResolved: "tickets",
  ticketsCreated: "tickets",
  openTickets: "tickets",
  avgResponseTime: "first responses",
  avgResolutionTime: "resolutions",
  resolutionRate: "with a target",
  csatScore: "ratings",
  reopenRate: "resolutions",
};

interface Props {
  readonly figure: WorkFigure;
  readonly slice: Slice;
  readonly comparisons: readonly Bounds[];
  /** What the team's numbers are of; null of a benchmark, behind which nothing is listed. */
  readonly team: Slice | null;
}

/** One figure of an agent: its value, its change, the count behind it, the team's. */
export function FigureCard({ figure: { name, value, fault, team }, slice, comparisons, team: teamSlice }: Props) {
  const { metric } = useSession();
  const info = metric(name);
  const before = useBefore(name, slice, comparisons);
  const exact = value?.value == null ? (value?.reason ?? "It cannot be known.") : formOf(info.unit).exact(value.value);
  const missing = slice.compareTo === "none" ? "Nothing is compared." : "There is no number to compare with.";
  const count = value?.count ?? 0;
  const words = FACTS[name].endsWith("s") ? formatCounted(count, FACTS[name]) : `${formatCount(count)} ${FACTS[name]}`;
  const beside = value && "median" in value ? lasting("median", value.median) : value && "average" in value ? scored("average", value.average) : null;

  return (
    <Card
      title={info.label}
      definition={info.definition}
      span={3}
      subject={{ slice, metric: name, report: "summary", selection: `metrics { ${name} { value count previous change } }`, explore: { metric: name } }}
      context={
        fault ? undefined : (
          <>
            {team && (
              <>
                {team.reason !== null ? <Hint text={team.reason}>{team.text}</Hint> : teamSlice ? <Behind metric={name} slice={teamSlice}>{team.text}</Behind> : team.text}
                <br />
              </>
            )}
            <Behind metric={name} slice={slice} isKnown={count > 0}>{info.unit === "TICKETS" && count > 0 ? "See the tickets" : `${count > 0 ? "of " : ""}${words}`}</Behind>
            {beside !== null && (
              <>
                {" · "}
                <Behind metric={name} slice={slice}>{beside}</Behind>
              </>
            )}
          </>
        )
      }
    >
      {fault ? (
        <p className="fault" role="status">
          {wordsFor(fault.kind).title}. <Told text={fault.message} />
        </p>
      ) : (
        <p className="agent-value">
          <Behind metric={name} slice={slice} hint={exact} isKnown={count > 0}>{formatValue(value?.value, info.unit, value?.suppression === "SMALL_GROUP")}</Behind>
          <ChangeMark change={value ? describeChange(value, info.better, formatValue(value.previous, info.unit)) : null} missing={missing} before={before} />
        </p>
      )}
    </Card>
  );
}

const lasting = (name: string, seconds: number | null): string | null => (seconds === null ? null : `${name} ${formatDuration(seconds)}`);
const scored = (name: string, score: number | null): string | null => (score === null ? null : `${name} ${formatValue(score, "SCORE")}`);
