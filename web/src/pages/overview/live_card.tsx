import { useEffect, useState } from "react";

import type { Slice } from "../../filters/slice";
import { formatAge } from "../../figures/dates";
import { formatCount } from "../../figures/numbers";
import { Behind } from "../../parts/behind";
import { Card } from "../../parts/card";
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
  readonly receivedAt: number;
  readonly slice: Slice;
}

/** What happens now, whatever the period. */
export function LiveCard({ data, receivedAt, slice }: Props) {
  const today: Slice = { ...slice, period: { preset: "today" } };
  return (
    <Card
      title="Now"
      span={12}
      aside={<Age at={receivedAt} />}
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

/** How old the numbers are, second by second. */
function Age({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <span className="pulse" aria-hidden="true" /> asked {formatAge(Math.max(0, (now - at) / 1_000))}
    </>
  );
}
