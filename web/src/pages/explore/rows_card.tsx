import { useMemo, type ReactNode } from "react";

import type { Order } from "../../filters/order";
import { useOwn } from "../../filters/use_own";
import { useSlice } from "../../filters/use_slice";
import { DataTable, type Column } from "../../parts/data_table";
import { Pager } from "../../parts/pager";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import type { Breakdown, Values } from "./answer";
import type { ViewName } from "./choice";
import type { ReportColumn } from "./columns";
import { filterId, groupOf, GROUPS, isDimension, type GroupName } from "./groups";
import { linesOf, wholeLine, type Cell, type Line, type Reading } from "./table";
import { sortOf } from "./document";
import { useChoice } from "./use_choice";
import "../../parts/change_mark.css";

interface Props {
  readonly breakdown: Breakdown;
  readonly whole: Values;
  readonly reading: Reading;
  readonly by: readonly GroupName[];
  readonly view: ViewName;
}

/** The rows, as numbers or as bars; the whole slice below them. */
export function RowsCard({ breakdown, whole, reading, by, view }: Props) {
  const { choice, choose } = useChoice();
  const state = useOwn();
  const lines = useMemo(() => linesOf(breakdown, reading), [breakdown, reading]);
  const columns = useColumns(by, reading.metrics, view === "bar");
  const sort = sortOf(choice, view);
  const order: Order = { name: sort?.by ?? "", isDescending: sort?.isDescending ?? false };
  return (
    <>
      <DataTable
        label="Report"
        columns={columns}
        rows={lines}
        keyOf={({ id }) => id}
        foot={[wholeLine(whole, reading)]}
        order={order}
        onOrder={({ name, isDescending }) => choose({ ...choice, sort: { by: name, isDescending } })}
      />
      <Pager things="rows" shown={breakdown.rows.length} total={breakdown.total} paging={choice.paging} nextCursor={breakdown.nextCursor} state={state} />
    </>
  );
}

function useColumns(by: readonly GroupName[], metrics: readonly ReportColumn[], hasBars: boolean): readonly Column<Line>[] {
  const { can } = useSession();
  const { toggle } = useSlice();
  const keys = by.map((name, at): Column<Line> => ({
    id: name,
    label: GROUPS[name].label,
    sort: name,
    cell: ({ keys: all }) => {
      const found = all.find(({ key }) => groupOf(key) === name);
      if (!found) return at === 0 ? "Whole slice" : "";
      if (!isDimension(name)) return found.text;
      return (
        <button type="button" className="key-filter" title={`Filter by ${found.text}`} onClick={() => toggle(name, filterId(found.key))}>
          {found.text}
        </button>
      );
    },
  }));
  const numbers = metrics.map(({ name, label, definition, metric, detail }): Column<Line> => {
    const leads = canSeeBehind(can, metric);
    return { id: name, label, definition, isNumber: true, sort: detail === null ? name : undefined, cell: (line) => <Number cell={line.cells[name]} leads={leads} hasBar={hasBars} /> };
  });
  return [...keys, ...numbers];
}

function Number({ cell, leads, hasBar }: { cell: Cell | undefined; leads: boolean; hasBar: boolean }): ReactNode {
  if (!cell) return "—";
  const text = leads && cell.address !== null ? <a href={cell.address} title={cell.note}>{cell.text}</a> : <span title={cell.note}>{cell.text}</span>;
  return (
    <span className={hasBar ? "report-number barred" : "report-number"}>
      {hasBar && (
        <span className="report-track" aria-hidden="true">
          <span style={{ width: `max(${cell.part * 100}%, ${cell.part > 0 ? 1 : 0}px)` }} />
        </span>
      )}
      {text}
      {!hasBar && cell.change && (
        <Change change={cell.change} before={leads ? cell.before : null} />
      )}
    </span>
  );
}

/** A change, which leads to the tickets that it is measured against. */
function Change({ change: { mood, note, arrow, text }, before }: { change: NonNullable<Cell["change"]>; before: string | null }) {
  const face = (
    <>
      <span aria-hidden="true">{arrow}</span>
      {text}
    </>
  );
  const className = `change ${mood}`;
  return before === null ? <span className={className} title={note}>{face}</span> : <a className={className} href={before} title={note}>{face}</a>;
}
