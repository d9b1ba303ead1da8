import { useMemo } from "react";

import { Heatmap } from "../../charts/heatmap";
import { countedRamp, evenRamp, lastingRamp, type MakeRamp } from "../../charts/ramp";
import { formatDate } from "../../figures/dates";
import { formatCount } from "../../figures/numbers";
import { formOf } from "../../figures/values";
import { Card } from "../../parts/card";
import { Empty } from "../../parts/empty";
import { canSeeBehind } from "../../session/behind";
import type { MetricInfo } from "../../session/session";
import type { Breakdown } from "./answer";
import { crossingOf } from "./charts";
import { GROUPS, nameKey, type GroupName, type Key } from "./groups";
import { MAX_CELLS } from "./document";
import { addressIn, narrowedBy, type Reading } from "./table";
import { useChoice } from "./use_choice";

interface Props {
  readonly breakdown: Breakdown;
  readonly reading: Reading;
  readonly by: readonly GroupName[];
}

const UNIT_WORDS: Readonly<Partial<Record<MetricInfo["unit"], string>>> = { TICKETS: "tickets" };

const RAMPS: Readonly<Partial<Record<MetricInfo["unit"], MakeRamp>>> = { TICKETS: countedRamp, EVENTS: countedRamp, SECONDS: lastingRamp };

/** Two dimensions crosswise, one heatmap a metric. */
export function HeatCards({ breakdown, reading, by }: Props) {
  const { choice, choose } = useChoice();
  const { grain, metrics } = reading;
  const zone = reading.slice.timezone;
  const crossing = useMemo(() => crossingOf(breakdown, by), [breakdown, by]);
  if (breakdown.total > breakdown.rows.length) {
    return (
      <Card title="Heatmap" span={12}>
        <Empty>
          {formatCount(breakdown.total)} cells are more than the {formatCount(MAX_CELLS)} that a heatmap shows. Shorten the period, narrow the filter{by.includes("time") && ", take a wider grain"}, or{" "}
          <button type="button" onClick={() => choose({ ...choice, view: "table" })}>see the table</button>
        </Empty>
      </Card>
    );
  }
  const name = (key: Key | undefined): string => (key ? nameKey(key, grain, zone) : "");
  const short = (key: Key): string => (key.start !== null && (grain === "DAY" || grain === "WEEK") ? formatDate(key.start, false) : name(key));
  return metrics.map((info) => (
    <Card key={info.name} title={info.label} definition={info.definition} span={12} context={`${GROUPS[crossing.rowGroup].label} by ${GROUPS[crossing.columnGroup].label.toLowerCase()}.`} advice={canSeeBehind(reading.can, info.metric) ? "Click a cell for its tickets; the arrows go from cell to cell." : "The arrows go from cell to cell."}>
      <Heatmap
        label={`${info.label} by ${GROUPS[crossing.rowGroup].label.toLowerCase()} and ${GROUPS[crossing.columnGroup].label.toLowerCase()}`}
        dimension={GROUPS[crossing.rowGroup].label}
        rows={crossing.rows.map(name)}
        columns={crossing.columns.map(short)}
        values={crossing.valuesOf(info)}
        hue="--hue-blue"
        format={formOf(info.unit).shown}
        unit={UNIT_WORDS[info.unit] ?? ""}
        ramp={RAMPS[info.unit] ?? evenRamp}
        addressOf={canSeeBehind(reading.can, info.metric) ? (row, column) => addressIn(narrowedBy(crossing.keysOf(row, column), reading), info) : undefined}
        nameOf={(row, column) => `${name(crossing.rows[row])}, ${name(crossing.columns[column])}`}
      />
    </Card>
  ));
}
