import { useDataAge } from "../api/use_data_age";
import { formatInstant } from "../figures/dates";
import type { EnvelopeFragment } from "../graphql/graphql";

/** What the numbers of a page hold for: as of when, in which zone, counted how. */
export function Foot({ report, zone }: { report: EnvelopeFragment; zone: string }) {
  const age = useDataAge();
  const facts: readonly (readonly [string, string])[] = [
    ["Data as of", age?.text ?? formatInstant(report.asOf, zone)],
    ["Period", `${formatInstant(report.period.since, zone)} – ${formatInstant(report.period.until, zone)}`],
    ...report.comparisons.map(({ since, until }) => ["Compared with", `${formatInstant(since, zone)} – ${formatInstant(until, zone)}`] as const),
    ["Zone", report.period.timezone],
    ["Counted by", report.attribution === "EVENT" ? "event" : "creation"],
    ["Clock", report.clock.toLowerCase()],
  ];
  return (
    <footer className="foot">
      <dl>
        {facts.map(([name, value]) => (
          <div key={name} className={name === "Data as of" && age?.isStale ? "foot-stale" : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </footer>
  );
}
