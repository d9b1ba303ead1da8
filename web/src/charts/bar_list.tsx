import { Link } from "wouter";

import { formatCount, formatShare } from "../figures/numbers";
import type { Hue } from "./colours";
import "./bar_list.css";

export interface Bar {
  readonly id: string;
  readonly label: string;
  readonly hue: Hue;
  readonly count: number;
  readonly share: number | null;
}

interface Props {
  /** What the bars are, for those who listen. */
  readonly label: string;
  /** What a row is, such as Status. */
  readonly dimension: string;
  readonly bars: readonly Bar[];
  /** The rows that the page is filtered by. */
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
  /** Where the tickets of a row are; null where the viewer may not see them. */
  readonly addressOf: (id: string) => string | null;
}

/** Groups with their counts as bars from zero; a table already. A click filters by the group, another one no longer. */
export function BarList({ label, dimension, bars, chosen, onToggle, addressOf }: Props) {
  const longest = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <table className="bar-list">
      <caption className="unseen">{label}</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">{dimension}</th>
          <th scope="col">Tickets</th>
          <th scope="col">Share</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.id}>
            <th scope="row">
              <button type="button" aria-pressed={chosen.includes(bar.id)} onClick={() => onToggle(bar.id)}>
                <span className="bar-label">{bar.label}</span>
                <span className="bar-track" aria-hidden="true">
                  <span style={{ width: `max(${(bar.count / longest) * 100}%, ${Math.min(1, bar.count)}px)`, background: `var(${bar.hue})` }} />
                </span>
              </button>
            </th>
            <td>
              <Count count={bar.count} address={addressOf(bar.id)} />
            </td>
            <td className="quiet">{bar.share === null ? "—" : formatShare(bar.share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Count({ count, address }: { count: number; address: string | null }) {
  return address === null || count === 0 ? formatCount(count) : <Link href={address}>{formatCount(count)}</Link>;
}
