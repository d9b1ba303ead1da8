import type { Hue } from "./colours";
import "./sparkline.css";

interface Props {
  readonly values: readonly (number | null)[];
  /** The buckets that still run, drawn dashed. */
  readonly isPartial: readonly boolean[];
  readonly hue: Hue;
  /** The lowest and the highest number of the scale; else those of the values. */
  readonly within?: readonly [number, number];
}

const HEIGHT = 36;

/** A line without axes, for its shape; the chart below has the numbers. */
export function Sparkline({ values, isPartial, hue, within }: Props) {
  const { points, height } = placed(values, within);
  const running = isPartial.indexOf(true);
  const end = running < 0 ? points.length : running;
  return (
    <svg className="sparkline" viewBox={`0 0 ${Math.max(1, values.length - 1)} ${height}`} preserveAspectRatio="none" aria-hidden="true" style={{ stroke: `var(${hue})` }}>
      <path d={pathOf(points.slice(0, end))} />
      <path d={dotsOf(points)} className="alone" />
      {running > 0 && <path d={pathOf(points.slice(running - 1))} className="running" />}
    </svg>
  );
}

type Point = readonly [number, number] | null;

/** The values as points of a box of the sparkline's height, with a margin for the stroke. */
export function placed(values: readonly (number | null)[], within?: readonly [number, number]): { points: readonly Point[]; height: number } {
  const known = within ?? values.filter((value) => value !== null);
  const low = Math.min(...known);
  const range = Math.max(...known) - low || 1;
  const points = values.map((value, at): Point => (value === null ? null : [at, HEIGHT - 3 - ((value - low) / range) * (HEIGHT - 6)]));
  return { points, height: HEIGHT };
}

/** A path through the points, broken where one is missing. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map((point, at) => {
      if (point === null) return "";
      const place = `${point[0]} ${point[1].toFixed(2)}`;
      return points[at - 1] ? `L${place}` : `M${place}`;
    })
    .join("");
}

/** A dot for each point without neighbours: no line goes through it. */
export const dotsOf = (points: readonly Point[]): string =>
  points.map((point, at) => (point && !points[at - 1] && !points[at + 1] ? `M${point[0]} ${point[1].toFixed(2)}h0` : "")).join("");
