import { Link } from "wouter";

import { wordsFor } from "../../api/faults";
import type { Slice } from "../../filters/slice";
import { addressFor } from "../../filters/use_slice";
import { describeChange } from "../../figures/changes";
import { formatDuration } from "../../figures/durations";
import { formatCount, formatCounted } from "../../figures/numbers";
import { formatValue, formOf } from "../../figures/values";
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

/** One figure of an agent: its value, its change, the count behind it, the team's. */
export function FigureCard({ figure: { name, value, fault, team }, slice }: { figure: WorkFigure; slice: Slice }) {
  const { metric, can } = useSession();
  const info = metric(name);
  const exact = value?.value == null ? (value?.reason ?? "It cannot be known.") : formOf(info.unit).exact(value.value);
  const missing = slice.compareTo === "none" ? "Nothing is compared." : "There is no number to compare with.";
  const count = value?.count ?? 0;
  const words = FACTS[name].endsWith("s") ? formatCounted(count, FACTS[name]) : `${formatCount(count)} ${FACTS[name]}`;
  const tickets = can("tickets:detail:read") && value?.count ? <Link href={addressFor("/tickets", slice, { metric: name })}>{info.unit === "TICKETS" ? "See the tickets" : `of ${words}`}</Link> : words;

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
                {team.reason === null ? team.text : <Hint text={team.reason}>{team.text}</Hint>}
                <br />
              </>
            )}
            {tickets}
            {value && "median" in value && value.median !== null && ` · median ${formatDuration(value.median)}`}
            {value && "average" in value && value.average !== null && ` · average ${formatValue(value.average, "SCORE")}`}
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
          <Hint text={exact}>{formatValue(value?.value, info.unit, value?.suppression === "SMALL_GROUP")}</Hint>
          <ChangeMark change={value ? describeChange(value, info.better, formatValue(value.previous, info.unit)) : null} missing={missing} />
        </p>
      )}
    </Card>
  );
}
