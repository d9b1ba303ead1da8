import { useState, type ReactNode } from "react";

import { useFollow } from "../filters/use_follow";
import "./frame.css";

interface Props {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Where the tickets behind a cell are, by its row and column; null where there are none. */
  readonly addressOf?: (row: number, column: number) => string | null;
  readonly height: number;
  readonly children: ReactNode;
}

/**
 * A chart, the table behind it, and the switch between the two. The table is always there for those who listen; its numbers
 * lead to their tickets where it is shown: what cannot be seen must not take the focus.
 */
export function ChartFrame({ label, head, rows, addressOf, height, children }: Props) {
  const [isTable, setTable] = useState(false);
  const follow = useFollow();
  const other = isTable ? "Chart" : "Table";
  const linked = (text: string, row: number, column: number): ReactNode => {
    const address = isTable ? addressOf?.(row, column) : null;
    return address ? <a href={address}>{text}</a> : text;
  };
  return (
    <figure className="chart">
      <button type="button" className="switch bare" aria-label={`${other} of ${label}`} onClick={() => setTable(!isTable)}>
        {other}
      </button>
      {!isTable && <div className="chart-body" style={{ minHeight: height }}>{children}</div>}
      <div className={isTable ? "table-scroll" : "unseen-table"} style={isTable ? { height } : undefined} tabIndex={isTable ? 0 : undefined} role="group" aria-label={`Table: ${label}`}>
        <table onClick={follow}>
          <caption className="unseen">{label}</caption>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                {row.map((cell, column) => (column === 0 ? <th key={column} scope="row">{linked(cell, at, column)}</th> : <td key={column}>{linked(cell, at, column)}</td>))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
