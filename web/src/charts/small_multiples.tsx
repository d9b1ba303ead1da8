import type { ReactNode } from "react";

import type { Grain, Unit } from "../graphql/graphql";
import { formatBucket } from "../figures/dates";
import { formatValue } from "../figures/values";
import type { Hue } from "./colours";
import { ChartFrame } from "./frame";
import { Sparkline } from "./sparkline";
import "./small_multiples.css";

export interface Panel {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  readonly values: readonly (number | null)[];
  /** What stands beside the label, such as a total and its change. */
  readonly aside?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly starts: readonly string[];
  readonly isPartial: readonly boolean[];
  readonly grain: Grain;
  readonly zone: string;
  readonly unit: Unit;
  readonly panels: readonly Panel[];
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
}

const PANEL_HEIGHT = 92;

/** One small chart a group, all on the same scale from zero. A click filters by the group. */
export function SmallMultiples({ label, starts, isPartial, grain, zone, unit, panels, chosen, onToggle }: Props) {
  const highest = Math.max(1, ...panels.flatMap(({ values }) => values.filter((value) => value !== null)));
  const rows = starts.map((start, at) => [formatBucket(start, grain, zone), ...panels.map(({ values }) => formatValue(values[at], unit))]);
  return (
    <ChartFrame label={label} head={["Start", ...panels.map((panel) => panel.label)]} rows={rows} height={PANEL_HEIGHT * 2}>
      <ul className="small-multiples">
        {panels.map((panel) => (
          <li key={panel.id}>
            <div className="small-head">
              <button type="button" aria-pressed={chosen.includes(panel.id)} onClick={() => onToggle(panel.id)}>
                {panel.label}
              </button>
              {panel.aside}
            </div>
            <Sparkline values={panel.values} isPartial={isPartial} hue={panel.hue} within={[0, highest]} />
          </li>
        ))}
      </ul>
    </ChartFrame>
  );
}
