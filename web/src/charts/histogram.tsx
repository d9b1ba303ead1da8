import { Link } from "wouter";

import { formatDuration, formatEdge } from "../figures/durations";
import { formatCount, formatShare } from "../figures/numbers";
import { ChartFrame } from "./frame";
import { placeOf, type Bucket } from "./buckets";
import type { Hue } from "./colours";
import "./histogram.css";

interface Tick {
  readonly label: string;
  readonly seconds: number | null;
}

interface Props {
  readonly label: string;
  readonly buckets: readonly Bucket[];
  readonly ticks: readonly Tick[];
  readonly hue: Hue;
  /** Where a bucket's tickets are; null where the viewer may not see them. */
  readonly addressOf: (bucket: Bucket) => string | null;
}

const HEIGHT = 220;

/** How durations are distributed: a bar a bucket, the percentiles where they lie. */
export function Histogram({ label, buckets, ticks, hue, addressOf }: Props) {
  const highest = Math.max(1, ...buckets.map((bucket) => bucket.count));
  const rows = buckets.map((bucket) => [nameOf(bucket), formatCount(bucket.count), shareOf(bucket)]);
  const cellAddress = (row: number, column: number): string | null => {
    const bucket = buckets[row];
    return column === 1 && bucket && bucket.count > 0 ? addressOf(bucket) : null;
  };
  const known = ticks.filter((tick): tick is Tick & { seconds: number } => tick.seconds !== null);
  return (
    <ChartFrame label={label} head={["Duration", "Count", "Share"]} rows={rows} addressOf={cellAddress} height={HEIGHT}>
      <div className="histogram">
        <div className="histogram-bars">
          {buckets.map((bucket) => (
            <BarOf key={bucket.from} bucket={bucket} height={(bucket.count / highest) * 100} hue={hue} address={addressOf(bucket)} />
          ))}
          {known.map((tick, row) => (
            <Mark key={tick.label} label={`${tick.label} ${formatDuration(tick.seconds)}`} place={placeOf(tick.seconds, buckets)} row={row} />
          ))}
        </div>
        <div className="histogram-edges" aria-hidden="true">
          {buckets.map((bucket) => (
            <span key={bucket.from}>{formatEdge(bucket.from)}</span>
          ))}
        </div>
      </div>
    </ChartFrame>
  );
}

function BarOf({ bucket, height, hue, address }: { bucket: Bucket; height: number; hue: Hue; address: string | null }) {
  const text = `${nameOf(bucket)}: ${formatCount(bucket.count)}, ${shareOf(bucket)}`;
  const face = (
    <>
      <span className="histogram-count" aria-hidden="true">{bucket.share === null ? "" : shareOf(bucket)}</span>
      <span className="histogram-bar" style={{ height: `calc((100% - 18px) * ${height / 100})`, background: `var(${hue})` }} />
    </>
  );
  if (address === null || bucket.count === 0) return <span className="histogram-slot" title={text}>{face}</span>;
  return (
    <Link className="histogram-slot" href={address} aria-label={`${text}. See the tickets`} title={text}>
      {face}
    </Link>
  );
}

/** A percentile's line, its words on the side where there is room. */
function Mark({ label, place, row }: { label: string; place: number; row: number }) {
  const side = place > 0.66 ? "left" : "right";
  return (
    <span className={`histogram-mark ${side}`} style={{ left: `${place * 100}%`, top: row * 17 }} aria-hidden="true">
      <span>{label}</span>
    </span>
  );
}

const shareOf = (bucket: Bucket): string => (bucket.share === null ? "—" : formatShare(bucket.share));
const nameOf = ({ from, to }: Bucket): string => (to === null ? `${formatEdge(from)} and more` : `${formatEdge(from)} to ${formatEdge(to)}`);
