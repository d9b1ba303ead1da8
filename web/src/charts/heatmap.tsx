import { Fragment } from "react";

import type { Hue } from "./colours";
import "./heatmap.css";

interface Props {
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** One list a row. */
  readonly values: readonly (readonly number[])[];
  readonly hue: Hue;
  readonly format: (value: number) => string;
  /** What the numbers count, for the legend. */
  readonly unit: string;
}

/** Numbers by two dimensions, on one ramp from zero to the highest; a table already. */
export function Heatmap({ label, rows, columns, values, hue, format, unit }: Props) {
  const highest = Math.max(0, ...values.flat());
  const shade = (value: number): string => `color-mix(in oklab, var(${hue}) ${highest === 0 ? 0 : Math.round((value / highest) * 100)}%, var(--sunken))`;
  return (
    <figure className="heatmap">
      <div className="heatmap-scroll" role="group" aria-label={label} tabIndex={0}>
        <table>
          <caption className="unseen">{label}</caption>
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <th key={column} scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {columns.map((column, place) => {
                  const value = values[at]?.[place] ?? 0;
                  return (
                    <td key={column} style={{ background: shade(value) }} title={`${row}, ${column}: ${format(value)} ${unit}`}>
                      <span className="unseen">{format(value)}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className="ramp">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <Fragment key={part}>
            <span className="ramp-step" style={{ background: shade(highest * part) }} />
            {(part === 0 || part === 0.5 || part === 1) && <span>{format(Math.round(highest * part))}</span>}
          </Fragment>
        ))}
        <span>{unit}</span>
      </figcaption>
    </figure>
  );
}
