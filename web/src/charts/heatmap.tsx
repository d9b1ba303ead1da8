import { useMemo, useState, type CSSProperties, type KeyboardEvent } from "react";
import { useLocation } from "wouter";

import { ChartFrame } from "./frame";
import type { Hue } from "./colours";
import { countedRamp, shadeOf, type MakeRamp } from "./ramp";
import "./heatmap.css";

interface Props {
  readonly label: string;
  /** What the rows are, such as Weekday. */
  readonly dimension: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** One list a row; null where there is nothing, or nothing known. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly hue: Hue;
  readonly format: (value: number) => string;
  /** What the numbers count, for the legend. */
  readonly unit: string;
  /** How a cell is called: Tue, 09:00 to 10:00. */
  readonly nameOf: (row: number, column: number) => string;
  /** Where the tickets of a cell are, which a click on it leads to, or Enter; none, where a viewer may not see them. */
  readonly addressOf?: (row: number, column: number) => string | null;
  readonly ramp?: MakeRamp;
}

const HEIGHT = 296;
const FEW_COLUMNS = 10;
const LETTERS_ACROSS = 150;

const longest = (labels: readonly string[]): number => Math.max(0, ...labels.map((label) => label.length));

/** Every how manyth column is named, so that names do not touch. */
const namedEvery = (columns: readonly string[]): number =>
  columns.length < FEW_COLUMNS ? 1 : Math.max(3, Math.ceil((columns.length * longest(columns)) / LETTERS_ACROSS));

/** Numbers by two dimensions, on one ramp. The pointer or the arrows go from cell to cell. */
export function Heatmap({ label, dimension, rows, columns, values, hue, format, unit, nameOf, addressOf, ramp: makeRamp = countedRamp }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const [, navigate] = useLocation();
  const ramp = useMemo(() => makeRamp(values.flat().filter((value) => value !== null)), [makeRamp, values]);
  const hasNothing = values.some((row) => row.includes(null));
  const every = namedEvery(columns);
  const written = (value: number | null): string => (value === null ? "—" : format(value));
  const valueAt = (cell: number): number | null => values[Math.floor(cell / columns.length)]?.[cell % columns.length] ?? null;
  const say = (cell: number): string => `${nameOf(Math.floor(cell / columns.length), cell % columns.length)}: ${written(valueAt(cell))} ${unit}`;
  const cellAddress = (row: number, column: number): string | null => (values[row]?.[column] == null ? null : (addressOf?.(row, column) ?? null));
  const choose = (cell: number): void => {
    const address = cellAddress(Math.floor(cell / columns.length), cell % columns.length);
    if (address !== null) navigate(address);
  };
  const table = rows.map((row, place) => [row, ...(values[place] ?? []).map(written)]);
  const measures = { "--columns": columns.length, "--names": `${Math.min(22, longest(rows) + 2)}ch` } as CSSProperties;

  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && at !== null) choose(at);
    const last = rows.length * columns.length - 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns.length, ArrowDown: columns.length, Home: -last, End: last }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at ?? 0) + (at === null ? 0 : step);
    setAt(event.key === "Home" || event.key === "End" ? Math.max(0, Math.min(last, next)) : next < 0 || next > last ? at : next);
  };

  return (
    <ChartFrame label={label} head={[dimension, ...columns]} rows={table} addressOf={(row, column) => (column > 0 ? cellAddress(row, column - 1) : null)} height={HEIGHT}>
      <div
        className={["heatmap", columns.length < FEW_COLUMNS && "few", addressOf && "leads"].filter(Boolean).join(" ")}
        style={measures}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={rows.length * columns.length - 1}
        aria-valuenow={at ?? 0}
        aria-valuetext={at === null ? "Arrows go from cell to cell" : say(at)}
        onKeyDown={press}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
      >
        {rows.map((row, line) => (
          <div key={line} className="heatmap-row">
            <span className="heatmap-name" title={row}>{row}</span>
            {columns.map((_, place) => {
              const cell = line * columns.length + place;
              const value = valueAt(cell);
              return (
                <span
                  key={place}
                  className={["heatmap-cell", cell === at && "here", value === null && "nothing"].filter(Boolean).join(" ")}
                  style={value === null ? undefined : { background: shadeOf(ramp.partOf(value), hue) }}
                  onPointerEnter={() => setAt(cell)}
                  onClick={() => choose(cell)}
                />
              );
            })}
          </div>
        ))}
        <div className="heatmap-row heatmap-feet">
          <span className="heatmap-name" />
          {columns.map((column, place) => (
            <span key={place} className={place % (2 * every) === 0 ? undefined : "second"} title={column}>{place % every === 0 && column}</span>
          ))}
        </div>
      </div>
      <div className="ramp">
        {hasNothing && (
          <span className="ramp-step">
            <span className="nothing" />—
          </span>
        )}
        {ramp.steps.map((step) => (
          <span key={step} className="ramp-step">
            <span style={{ background: shadeOf(ramp.partOf(step), hue) }} />
            {format(step)}
          </span>
        ))}
        <span className="ramp-said">{at === null ? unit : say(at)}</span>
      </div>
    </ChartFrame>
  );
}
