import { useCallback, useMemo } from "react";

import { AlignedCharts } from "../../charts/aligned_charts";
import { Heatmap } from "../../charts/heatmap";
import { IndexBars } from "../../charts/index_bars";
import { addDays } from "../../filters/days";
import { selectBuckets } from "../../filters/select_buckets";
import type { Slice } from "../../filters/slice";
import { addressFor, useSlice } from "../../filters/use_slice";
import { formatHour } from "../../figures/dates";
import { formatCount } from "../../figures/numbers";
import { Behind } from "../../parts/behind";
import { Card } from "../../parts/card";
import type { Asked } from "../../parts/export/order";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import { formatRow } from "../tickets/row";
import { Refused } from "./refused";
import { busiest, HOURS, MONTHS, pieces, WEEKDAYS } from "./seasons";
import { reasonOf, type Season } from "./view";

interface Props {
  readonly slice: Slice;
  readonly season: Season;
  readonly exported: Asked;
}

const cellName = (day: number, hour: number): string => `${WEEKDAYS[day]}, ${formatHour(hour)} to ${formatHour(hour + 1)}`;

/** When in the week tickets come in. */
export function WeekCard({ slice, season, exported }: Props) {
  const { can } = useSession();
  const addressOf = (day: number, hour: number): string | null => (season.weekdayHour[day]?.[hour] ?? 0) === 0 ? null : addressFor("/tickets", slice, { metric: "ticketsCreated", weekdayHour: `${day}-${hour}` });
  const most = busiest(season.weekdayHour);
  const leads = canSeeBehind(can, "ticketsCreated");
  return (
    <Card
      title="When tickets come in"
      definition="Tickets created in the period, by weekday and hour of the zone's wall clock."
      span={6}
      context={
        most ? (
          <>
            Most come in on {cellName(most.day, most.hour)}: <Behind metric="ticketsCreated" slice={slice} part={{ weekdayHour: `${most.day}-${most.hour}` }}>{formatCount(most.count)}</Behind>.
          </>
        ) : (
          "No tickets were created."
        )
      }
      advice={most !== null && leads && "Click an hour for its tickets."}
      subject={{ slice, metric: "ticketsCreated", report: "trends", exported, explore: { metric: "ticketsCreated", by: "day_of_week" }, selection: "trends { seasonality { weekdayHour } }" }}
    >
      <Heatmap label="Tickets created by weekday and hour" dimension="Weekday" rows={WEEKDAYS} columns={HOURS} values={season.weekdayHour} hue="--hue-blue" format={formatCount} unit="tickets" nameOf={cellName} addressOf={leads ? addressOf : undefined} />
    </Card>
  );
}

const INDICES = {
  WEEKDAY: { title: "Weekdays", dimension: "Weekday", names: WEEKDAYS, field: "weekday", about: "1 is an average day of the week; the trend is taken out. A weekday leads to the tickets created on it.", rowOf: (place: number) => formatRow([["day_of_week", String(place + 1)]]) },
  MONTH: { title: "Months", dimension: "Month", names: MONTHS, field: "month", about: "1 is an average month, day for day; the trend is taken out. An estimate from up to three years: it has no tickets of its own.", rowOf: null },
} as const;

/** How much more or less than usual comes in on a weekday, or in a month. */
export function IndexCard({ slice, season, exported, part }: Props & { part: keyof typeof INDICES }) {
  const { title, dimension, names, field, about, rowOf } = INDICES[part];
  const { can } = useSession();
  const addressOf = rowOf && canSeeBehind(can, "ticketsCreated") ? (place: number) => addressFor("/tickets", slice, { metric: "ticketsCreated", row: rowOf(place) }) : undefined;
  const values = season[field];
  return (
    <Card title={title} definition={about} span={6} context={values ? about : undefined} subject={{ slice, metric: "ticketsCreated", report: "trends", exported, selection: `trends { seasonality { ${field} reasons { part reason } } }` }}>
      {values ? <IndexBars label={`${title}: index of tickets created`} dimension={dimension} names={names} values={values} hue="--hue-blue" addressOf={addressOf} /> : <Refused reason={reasonOf(season, part) ?? "It cannot be known."}>{part === "MONTH" && <YearButton slice={slice} />}</Refused>}
    </Card>
  );
}

/** Leads to a period that is long enough for months. */
function YearButton({ slice }: { slice: Slice }) {
  const { change } = useSlice();
  if ("preset" in slice.period && slice.period.preset === "last_365_days") return null;
  return (
    <button type="button" className="controls" onClick={() => change({ ...slice, period: { preset: "last_365_days" } })}>
      Show the last 365 days
    </button>
  );
}

/** What the days are made of. */
export function PiecesCard({ slice, season, exported, zone }: Props & { zone: string }) {
  const { change } = useSlice();
  const charts = useMemo(() => pieces(season, zone), [season, zone]);
  const { can } = useSession();
  const starts = season.decomposition?.starts;
  const addressOf = (at: number): string | null => {
    const day = starts?.[at];
    return day && canSeeBehind(can, "ticketsCreated") ? addressFor("/tickets", { ...slice, period: { since: day, until: addDays(day, 1) } }, { metric: "ticketsCreated" }) : null;
  };
  const select = useCallback(
    (first: number, last: number) => change({ ...slice, period: selectBuckets(starts ?? [], "DAY", first, last) }),
    [change, slice, starts],
  );
  return (
    <Card
      title="Trend and season"
      definition="Tickets created a day = trend × season + remainder. Fitted over up to three years before the period's end: the three are estimates, which have no tickets of their own. In the table each day leads to the tickets created on it."
      span={12}
      context={charts ? "Tickets created a day are trend times season, plus the remainder. Rings are the days that stood out." : undefined}
      advice={charts !== null && "Drag to choose days."}
      subject={{ slice, metric: "ticketsCreated", report: "trends", exported, selection: "trends { seasonality { decomposition { starts trend seasonal remainder } reasons { part reason } } }" }}
    >
      {charts ? <AlignedCharts label="Trend, season, remainder" charts={charts} onSelect={select} addressOf={addressOf} /> : <Refused reason={reasonOf(season, "DECOMPOSITION") ?? "It cannot be known."} />}
    </Card>
  );
}
