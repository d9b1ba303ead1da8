import { useEffect, useMemo, useState } from "react";

import { useLive, watchedOf, type Beat, type Watch } from "../../api/use_live";
import type { Slice } from "../../filters/slice";
import { formatAge } from "../../figures/dates";
import { formatCount } from "../../figures/numbers";
import { ChangesDocument } from "../../graphql/graphql";
import { Behind } from "../../parts/behind";
import { Card } from "../../parts/card";
import { useSession } from "../../session/session";
import type { OverviewAnswer } from "./view";

const NAMES = [
  ["openTickets", "open"],
  ["unassignedTickets", "unassigned"],
  ["breachedTickets", "past target"],
  ["ticketsCreated", "created today"],
  ["ticketsResolved", "resolved today"],
] as const;

interface Props {
  readonly data: OverviewAnswer;
  readonly slice: Slice;
  /** Hears that the page is no longer what the gateway has. */
  readonly onChange: () => void;
}

/** The same slice, today. What happens now is counted by event: of the tickets that came today alone it would tell little. */
const todayOf = (slice: Slice): Slice => ({ ...slice, period: { preset: "today" }, attribution: "event" });

/** What happens now, whatever the period; listens for the whole page, so that the line alone draws no other card again. */
export function LiveCard({ data, slice, onChange }: Props) {
  const { can } = useSession();
  const today = useMemo(() => todayOf(slice), [slice]);
  const watched = useMemo(() => [slice, today].map((one): Watch => ({ document: ChangesDocument, variables: watchedOf(one, can) })), [slice, today, can]);
  const beat = useLive(watched, data.report.dataVersion, onChange);
  return (
    <Card
      title="Now"
      span={12}
      aside={<Age beat={beat} />}
      context={slice.attribution === "creation" && "Counted by event, whatever the page is."}
      subject={{ slice: today, metric: "openTickets", selection: "metrics { openTickets { value } unassignedTickets { value } breachedTickets { value } ticketsCreated { value } ticketsResolved { value } }" }}
    >
      <dl className="live">
        {NAMES.map(([name, words]) => {
          const value = data.today?.metrics[name]?.value;
          return (
            <div key={name}>
              <dt>{words}</dt>
              <dd>
                <Behind metric={name} slice={today}>{value == null ? "—" : formatCount(value)}</Behind>
              </dd>
            </div>
          );
        })}
      </dl>
    </Card>
  );
}

/** Whether changes are told, and how old the numbers are where they are not. */
function Age({ beat }: { beat: Beat }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const age = formatAge(Math.max(0, (now - beat.at) / 1_000));
  return (
    <>
      <span className={["pulse", beat.line === "connecting" && "waiting", (beat.failed || beat.line === "reconnecting") && "failed"].filter(Boolean).join(" ")} aria-hidden="true" />
      {wordsFor(beat, age)}
    </>
  );
}

function wordsFor({ line, failed }: Beat, age: string): string {
  if (failed) return `The gateway does not answer; last checked ${age}`;
  if (line === "connecting") return "connecting";
  if (line === "reconnecting") return `reconnecting, as of ${age}`;
  return line === "live" ? "live" : `checked ${age}`;
}
