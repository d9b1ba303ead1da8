import { formatIndex } from "../figures/numbers";
import type { Hue } from "./colours";
import { ChartFrame } from "./frame";
import { barOf, scaleOf } from "./indices";
import "./index_bars.css";

interface Props {
  readonly label: string;
  /** What a bar is, such as Weekday. */
  readonly dimension: string;
  readonly names: readonly string[];
  /** Factors around 1, in the order of the names. */
  readonly values: readonly number[];
  readonly hue: Hue;
}

const HEIGHT = 200;

/** Factors as bars that begin at 1: up where there is more than usual, down where there is less. */
export function IndexBars({ label, dimension, names, values, hue }: Props) {
  const scale = scaleOf(values);
  const rows = names.map((name, at) => [name, formatIndex(values[at] ?? 1)]);
  return (
    <ChartFrame label={label} head={[dimension, "Index"]} rows={rows} height={HEIGHT}>
      <div className="index-bars" aria-hidden="true">
        {names.map((name, at) => (
          <Slot key={name} name={name} value={values[at] ?? 1} scale={scale} hue={hue} />
        ))}
      </div>
    </ChartFrame>
  );
}

function Slot({ name, value, scale, hue }: { name: string; value: number; scale: readonly [number, number]; hue: Hue }) {
  const { top, height, level } = barOf(value, scale);
  const isLess = value < 1;
  return (
    <div className={isLess ? "index-slot less" : "index-slot"} title={`${name}: ${formatIndex(value)}`}>
      <span className="index-bar" style={{ top: `${top}%`, height: `${height}%`, background: `var(${hue})` }} />
      <span className="index-level" style={{ top: `${level}%` }} />
      <span className="index-value" style={isLess ? { top: `${top + height}%` } : { bottom: `${100 - top}%` }}>{formatIndex(value)}</span>
      <span className="index-name">{name}</span>
    </div>
  );
}
