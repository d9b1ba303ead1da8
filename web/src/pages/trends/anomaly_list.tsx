import { useState } from "react";

import { addDays } from "../../filters/days";
import type { Slice } from "../../filters/slice";
import { formatScore } from "../../figures/numbers";
import { Behind } from "../../parts/behind";
import { Hint } from "../../parts/hint";
import { Refused } from "./refused";
import { reasonOf, sentenceOf, strangest, type Anomaly, type Season } from "./view";

const FIRST = 6;

/** The days that stood out, each in a sentence that leads to its tickets. */
export function AnomalyList({ season, slice }: { season: Season; slice: Slice }) {
  const [showsAll, showAll] = useState(false);
  const found = strangest(season);
  const reason = reasonOf(season, "ANOMALIES");
  return (
    <section className="anomalies" aria-label="Days that stood out">
      <h3>Days that stood out</h3>
      {reason && <Refused reason={reason} />}
      {!reason && found.length === 0 && <p className="quiet">None in this period.</p>}
      {found.length > 0 && (
        <ul>
          {(showsAll ? found : found.slice(0, FIRST)).map((one) => (
            <Row key={one.start} anomaly={one} slice={slice} />
          ))}
        </ul>
      )}
      {found.length > FIRST && (
        <button type="button" className="bare controls" aria-expanded={showsAll} onClick={() => showAll(!showsAll)}>
          {showsAll ? `The strangest ${FIRST}` : `All ${found.length}`}
        </button>
      )}
    </section>
  );
}

function Row({ anomaly, slice }: { anomaly: Anomaly; slice: Slice }) {
  const day: Slice = { ...slice, period: { since: anomaly.start, until: addDays(anomaly.start, 1) } };
  return (
    <li>
      <span className="anomaly-way" aria-hidden="true">{anomaly.score > 0 ? "↑" : "↓"}</span>
      <Behind metric="ticketsCreated" slice={day}>{sentenceOf(anomaly)}</Behind>
      <Hint className="quiet" text="How far from what was expected, in robust scales of such days; a day stands out from 4 and from −4.">
        {formatScore(anomaly.score).replace("-", "−")}
      </Hint>
    </li>
  );
}
