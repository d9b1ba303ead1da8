import { useState, type PointerEvent, type ReactNode } from "react";

import type { Grain } from "../graphql/graphql";
import { formatBucket } from "../figures/dates";
import { formatValue, type Measure } from "../figures/values";
import type { Hue } from "./colours";
import { ChartFrame } from "./frame";
import { Sparkline } from "./sparkline";
import "./small_multiples.css";

export interface Panel {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  readonly values: readonly (number | null)[];
  /** What stands under the label, such as a total and its change. */
  readonly aside?: ReactNode;
}

interface Props {
  readonly label: string;
  readonly starts: readonly string[];
  readonly isPartial: readonly boolean[];
  readonly grain: Grain;
  readonly zone: string;
  readonly unit: Measure;
  readonly panels: readonly Panel[];
  /** Whether all have one scale; else each has its own. Both begin at zero. */
  readonly hasOneScale: boolean;
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
  /** Where the tickets of a panel's bucket are. */
  readonly addressOf?: (panel: Panel, at: number) => string | null;
}

const PANEL_HEIGHT = 124;

/** One small chart a group. A click filters by the group; the pointer shows all of them at its instant. */
export function SmallMultiples({ label, starts, isPartial, grain, zone, unit, panels, hasOneScale, chosen, onToggle, addressOf }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const highest = highestOf(panels.flatMap(({ values }) => values));
  const rows = starts.map((start, place) => [formatBucket(start, grain, zone), ...panels.map(({ values }) => formatValue(values[place], unit))]);
  const cellAddress = (at: number, column: number): string | null => {
    const panel = panels[column - 1];
    return panel && (panel.values[at] ?? 0) > 0 ? (addressOf?.(panel, at) ?? null) : null;
  };
  const point = (event: PointerEvent<HTMLElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setAt(Math.max(0, Math.min(starts.length - 1, Math.round(((event.clientX - left) / width) * (starts.length - 1)))));
  };
  return (
    <ChartFrame label={label} head={["Start", ...panels.map((panel) => panel.label)]} rows={rows} addressOf={cellAddress} height={PANEL_HEIGHT * 2}>
      <ul className="small-multiples">
        {panels.map((panel) => {
          const top = hasOneScale ? highest : highestOf(panel.values);
          return (
            <li key={panel.id}>
              <button type="button" className="small-name" aria-pressed={chosen.includes(panel.id)} onClick={() => onToggle(panel.id)}>
                {panel.label}
              </button>
              {panel.aside}
              <div className="small-plot" onPointerMove={point} onPointerLeave={() => setAt(null)}>
                <Sparkline values={panel.values} isPartial={isPartial} hue={panel.hue} within={[0, top]} />
                {at !== null && <span className="small-line" style={{ left: `${(at / Math.max(1, starts.length - 1)) * 100}%` }} />}
              </div>
              <p className="small-said" aria-hidden="true">
                {at === null ? `0 to ${formatValue(top, unit)}` : `${formatBucket(starts[at] ?? "", grain, zone)}: ${formatValue(panel.values[at], unit)}`}
              </p>
            </li>
          );
        })}
      </ul>
    </ChartFrame>
  );
}

const highestOf = (values: readonly (number | null)[]): number => Math.max(1, ...values.filter((value) => value !== null));
