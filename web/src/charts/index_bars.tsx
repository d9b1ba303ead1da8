import { Link } from "wouter";

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
  /** Where the tickets of a bar are, by its place; none of what is an estimate alone. */
  readonly addressOf?: (at: number) => string;
}

const HEIGHT = 200;

/** Factors as bars that begin at 1: up where there is more than usual, down where there is less. */
export function IndexBars({ label, dimension, names, values, hue, addressOf }: Props) {
  const scale = scaleOf(values);
  const rows = names.map((name, at) => [name, formatIndex(values[at] ?? 1)]);
  return (
    <ChartFrame label={label} head={[dimension, "Index"]} rows={rows} addressOf={(row, column) => (column === 1 ? (addressOf?.(row) ?? null) : null)} height={HEIGHT}>
      <div className="index-bars" aria-hidden={addressOf === undefined}>
        {names.map((name, at) => (
          <Slot key={name} name={name} value={values[at] ?? 1} scale={scale} hue={hue} address={addressOf?.(at) ?? null} />
        ))}
      </div>
    </ChartFrame>
  );
}

interface SlotProps {
  readonly name: string;
  readonly value: number;
  readonly scale: readonly [number, number];
  readonly hue: Hue;
  readonly address: string | null;
}

function Slot({ name, value, scale, hue, address }: SlotProps) {
  const { top, height, level } = barOf(value, scale);
  const isLess = value < 1;
  const className = isLess ? "index-slot less" : "index-slot";
  const text = `${name}: ${formatIndex(value)}`;
  const face = (
    <>
      <span className="index-bar" style={{ top: `${top}%`, height: `${height}%`, background: `var(${hue})` }} />
      <span className="index-level" style={{ top: `${level}%` }} />
      <span className="index-name">{name}</span>{" "}
      <span className="index-value" style={isLess ? { top: `${top + height}%` } : { bottom: `${100 - top}%` }}>{formatIndex(value)}</span>
    </>
  );
  return address === null ? <div className={className} title={text}>{face}</div> : <Link className={className} href={address} title={`${text}. See the tickets.`}>{face}</Link>;
}
