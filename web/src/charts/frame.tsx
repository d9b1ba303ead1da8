import { useState, type ReactNode } from "react";
import "./frame.css";

interface Props {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly height: number;
  readonly children: ReactNode;
}

/** A chart, the table behind it, and the switch between the two. The table is always there for those who listen. */
export function ChartFrame({ label, head, rows, height, children }: Props) {
  const [isTable, setTable] = useState(false);
  const other = isTable ? "Chart" : "Table";
  return (
    <figure className="chart">
      <button type="button" className="switch bare" aria-label={`${other} of ${label}`} onClick={() => setTable(!isTable)}>
        {other}
      </button>
      {!isTable && <div className="chart-body" style={{ minHeight: height }}>{children}</div>}
      <div className={isTable ? "table-scroll" : "unseen-table"} style={isTable ? { height } : undefined} tabIndex={isTable ? 0 : undefined} role="group" aria-label={`Table: ${label}`}>
        <table>
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
                {row.map((cell, column) => (column === 0 ? <th key={column} scope="row">{cell}</th> : <td key={column}>{cell}</td>))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
