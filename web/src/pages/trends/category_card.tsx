import { useMemo } from "react";

import { SmallMultiples } from "../../charts/small_multiples";
import { bucketPeriod, comparedSlice } from "../../filters/bucket";
import { withFilter, type Slice } from "../../filters/slice";
import { useParameter } from "../../filters/use_parameter";
import { addressFor, useSlice } from "../../filters/use_slice";
import { describeChange } from "../../figures/changes";
import { formatCount } from "../../figures/numbers";
import { Behind } from "../../parts/behind";
import { Card } from "../../parts/card";
import { ChangeMark } from "../../parts/change_mark";
import { Segments } from "../../parts/segments";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import { categoryPanels, halvesOf, type Basis, type CategoryPanel } from "./categories";
import type { Showing } from "./view";

const SCALES = [
  { id: "own", label: "Own scales" },
  { id: "one", label: "One scale" },
] as const;

const SELECTION = "trends(grain: DAY) { categories { category { id name } points share previousTotal previousShare change } fastestMovers { basis risers { category { id name } count previous difference change } fallers { category { id name } count previous difference change } } }";

/** Each category over time, the fastest movers first. */
export function CategoryCard({ data, trends, slice, zone, exported }: Showing) {
  const { toggle } = useSlice();
  const [scale, chooseScale] = useParameter("scale", ["own", "one"], "own");
  const { basis } = trends.fastestMovers;
  const before = useMemo(() => comparedSlice(slice, data.report.comparisons), [slice, data]);
  const halves = useMemo(() => halvesOf(trends, data.report.period).map((period): Slice => ({ ...slice, period })), [slice, data, trends]);
  const found = useMemo(() => categoryPanels(data, trends), [data, trends]);
  const panels = found.map((panel) => ({ ...panel, aside: <Aside panel={panel} slice={slice} before={before} halves={halves} basis={basis} /> }));
  const { can } = useSession();
  const leads = canSeeBehind(can, "ticketsCreated");
  const addressOf = (id: string, at: number): string | null => {
    const start = trends.volume[at]?.start;
    return leads && start !== undefined ? addressFor("/tickets", { ...withFilter(slice, "category", [id]), period: bucketPeriod(start, trends.grain, data.report.period) }, { metric: "ticketsCreated" }) : null;
  };
  const hasMovers = found.some((panel) => panel.isMover);

  return (
    <Card
      title="Categories"
      definition="Tickets created in each category. The fastest movers are those with the largest difference, of the categories with at least 30 tickets over both stretches."
      span={12}
      context={hasMovers ? `First those that rose and fell most, ${AGAINST[basis]}; the others follow by size.` : found.length > 0 ? "By size." : "No tickets were created."}
      advice={found.length > 0 && "Click a category to filter."}
      subject={{ slice, metric: "ticketsCreated", report: "trends", exported, explore: { metric: "ticketsCreated", by: "category" }, selection: SELECTION }}
    >
      <div className="trends-scale controls">
        <Segments label="Scale" segments={SCALES} chosen={scale} onChoose={chooseScale} />
      </div>
      <SmallMultiples
        label="Tickets created by category"
        starts={trends.volume.map((point) => point.start)}
        isPartial={trends.volume.map((point) => point.isPartial)}
        grain={trends.grain}
        zone={zone}
        unit="TICKETS"
        panels={panels}
        hasOneScale={scale === "one"}
        chosen={slice.filter.category ?? []}
        onToggle={(id) => toggle("category", id)}
        addressOf={({ id }, at) => addressOf(id, at)}
      />
    </Card>
  );
}

const AGAINST: Readonly<Record<Basis, string>> = {
  COMPARISON: "against the comparison",
  HALVES: "the later half of the period against the earlier",
};

/** A category's total, what it was before, and its change. */
function Aside({ panel, slice, before, halves: [earlier, later], basis }: { panel: CategoryPanel; slice: Slice; before: Slice | null; halves: readonly Slice[]; basis: Basis }) {
  const { metric } = useSession();
  const { id, total, count, changing } = panel;
  const own = withFilter(slice, "category", [id]);
  const previous = changing && formatCount(changing.previous ?? 0);
  return (
    <p className="trends-aside">
      <strong>
        <Behind metric="ticketsCreated" slice={own}>{formatCount(total)}</Behind>
      </strong>
      {changing && <ChangeMark change={describeChange(changing, metric("ticketsCreated").better, previous ?? "")} missing="There were none to compare with." />}
      {changing && basis === "HALVES" && earlier && later && (
        <span className="quiet">
          <Behind metric="ticketsCreated" slice={withFilter(later, "category", [id])}>{formatCount(count)}</Behind>
          {" after "}
          <Behind metric="ticketsCreated" slice={withFilter(earlier, "category", [id])}>{previous}</Behind>
        </span>
      )}
      {changing && before && (
        <span className="quiet">
          {"was "}
          <Behind metric="ticketsCreated" slice={withFilter(before, "category", [id])}>{previous}</Behind>
        </span>
      )}
    </p>
  );
}
