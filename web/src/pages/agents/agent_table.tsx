import type { ReactNode } from "react";
import { Link } from "wouter";

import type { Hue } from "../../charts/colours";
import { UNSET } from "../../filters/dimensions";
import type { Slice } from "../../filters/slice";
import type { OwnState } from "../../filters/use_own";
import { addressFor, useSlice } from "../../filters/use_slice";
import { formatValue } from "../../figures/values";
import { ColumnMenu, useColumns } from "../../parts/columns";
import { DataTable, type Column } from "../../parts/data_table";
import { canSeeBehind } from "../../session/behind";
import { useSession } from "../../session/session";
import { narrowed, type Narrowed } from "../tickets/row";
import { agentAddress } from "./address";
import { cellOf, measuresFor, orderText, scalesOf, sortOf, USUAL, type AgentLine, type Ask, type Measure } from "./view";
import "./agents.css";

interface Props {
  readonly lines: readonly AgentLine[];
  readonly foot: readonly AgentLine[];
  readonly ask: Ask;
  readonly state: OwnState;
  /** What stands above the table beside the choice of columns. */
  readonly tools: ReactNode;
}

/** The agents' table, with the choice of its columns. */
export function AgentTable({ lines, foot, ask, state, tools }: Props) {
  const { slice } = useSlice();
  const { can, metric: info } = useSession();
  const isNamed = can("agents:identity:read");
  const measures = measuresFor(ask.canSeeRatings);
  const scales = scalesOf(lines, measures);
  const address = (line: AgentLine, { metric }: Measure): string | null => {
    const of = narrowedTo(line, slice, can);
    return of && canSeeBehind(can, metric) ? addressFor("/tickets", of.slice, { metric, ...of.own }) : null;
  };
  const optional: readonly Column<AgentLine>[] = [
    { id: "team", label: "Team", cell: (line) => line.person?.team?.name ?? "" },
    ...measures.map((one): Column<AgentLine> => ({
      id: one.id,
      label: one.label,
      definition: info(one.metric).definition,
      isNumber: true,
      sort: sortOf(one),
      cell: (line) => <Figure line={line} measure={one} scale={scales.get(one.id)} address={address(line, one)} />,
    })),
  ];
  const chosen = useColumns("agents", optional, USUAL);
  const name: Column<AgentLine> = { id: "name", label: "Agent", sort: "name", cell: (line) => <Name line={line} slice={slice} isNamed={isNamed} /> };

  return (
    <>
      <div className="table-tools controls">
        {tools}
        <span className="spring" />
        <ColumnMenu all={optional} chosen={chosen} />
      </div>
      <DataTable
        label="Agents"
        columns={[name, ...chosen.shown]}
        rows={lines}
        foot={foot}
        keyOf={({ kind, id }) => `${kind} ${id}`}
        order={ask.order}
        onOrder={(order) => state.put({ sort: orderText(order), cursor: null })}
      />
    </>
  );
}

/** What a line's numbers are of; none for a benchmark, behind which nothing is listed. */
function narrowedTo({ kind, id }: AgentLine, slice: Slice, can: (capability: string) => boolean): Narrowed | null {
  if (kind === "benchmark") return null;
  return narrowed(slice, kind === "all" ? [] : [["agent", kind === "agent" ? id : UNSET]], can);
}

function Name({ line: { kind, id, label, person }, slice, isNamed }: { line: AgentLine; slice: Slice; isNamed: boolean }) {
  if (kind !== "agent") return <span className="quiet">{label}</span>;
  return (
    <>
      {isNamed ? <Link href={agentAddress(id, slice)}>{label}</Link> : label}
      {person?.active === false && <span className="quiet inactive"> inactive</span>}
    </>
  );
}

interface FigureProps {
  readonly line: AgentLine;
  readonly measure: Measure;
  /** The number that a whole bar stands for; none, where there are no bars. */
  readonly scale: number | undefined;
  readonly address: string | null;
}

const HUES: Readonly<Record<string, Hue>> = {
  ticketsCreated: "--hue-blue",
  ticketsResolved: "--hue-green",
  openTickets: "--hue-purple",
  resolutionRate: "--hue-green",
  csatScore: "--hue-orange",
};

function Figure({ line, measure, scale, address }: FigureProps) {
  const { value, note, hasFacts } = cellOf(line, measure);
  const text = formatValue(value, measure.unit);
  const isBarred = scale !== undefined && line.kind === "agent";
  return (
    <span className={measure.unit === "TICKETS" ? "agent-figure count" : "agent-figure"}>
      {isBarred && (
        <span className="agent-bar" aria-hidden="true">
          <span style={{ width: `${((value ?? 0) / scale) * 100}%`, background: `var(${HUES[measure.id] ?? "--hue-grey"})` }} />
        </span>
      )}
      {address !== null && hasFacts ? <a href={address} title={`${note}. See the tickets.`}>{text}</a> : <span title={note}>{text}</span>}
    </span>
  );
}
