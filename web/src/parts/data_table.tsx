import { useDeferredValue, type ReactNode } from "react";

import { useFollow } from "../filters/use_follow";
import { orderedBy, type Order } from "../filters/order";
import "./data_table.css";

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** What the column means, on hover. */
  readonly definition?: string;
  readonly isNumber?: boolean;
  /** What the rows can be ordered by. */
  readonly sort?: string;
  /** What stands in a row; the table follows its links, plain ones, too. */
  readonly cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Rows of sums and the like, which no order moves. */
  readonly foot?: readonly Row[];
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

/** More than a screen holds: these are drawn first, so that a click is answered at once; the others follow. */
const FIRST = 60;

/** A table that scrolls within itself, its first column fixed; the columns that can be ordered by say so. */
export function DataTable<Row>({ label, columns, rows, keyOf, foot = [], order, onOrder }: Props<Row>) {
  const follow = useFollow();
  const isWhole = useDeferredValue(true, rows.length <= FIRST);
  return (
    <div className="data-table" role="group" aria-label={label} aria-busy={!isWhole} tabIndex={0}>
      <table onClick={follow}>
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.id} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {(isWhole ? rows : rows.slice(0, FIRST)).map((row) => (
            <Line key={keyOf(row)} row={row} columns={columns} />
          ))}
        </tbody>
        {foot.length > 0 && (
          <tfoot>
            {foot.map((row) => (
              <Line key={keyOf(row)} row={row} columns={columns} />
            ))}
          </tfoot>
        )}
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

function Head<Row>({ column: { label, sort, definition, isNumber }, order, onOrder }: HeadProps<Row>) {
  const className = isNumber ? "number" : undefined;
  if (sort === undefined) return <th scope="col" className={className} title={definition}>{label}</th>;
  const isOrdered = order.name === sort;
  return (
    <th scope="col" className={className} aria-sort={isOrdered ? (order.isDescending ? "descending" : "ascending") : undefined}>
      <button type="button" title={definition} onClick={() => onOrder(orderedBy(sort, order))}>
        {label}
        <span className="sort-mark" aria-hidden="true">{isOrdered ? (order.isDescending ? "↓" : "↑") : ""}</span>
      </button>
    </th>
  );
}

function Line<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }) {
  return (
    <tr>
      {columns.map(({ id, isNumber, cell }, at) => {
        const className = isNumber ? "number" : undefined;
        return at === 0 ? <th key={id} scope="row" className={className}>{cell(row)}</th> : <td key={id} className={className}>{cell(row)}</td>;
      })}
    </tr>
  );
}
