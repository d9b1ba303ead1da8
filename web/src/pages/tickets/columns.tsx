// The columns of Tickets: all that a viewer may see of a ticket.

import { Link } from "wouter";

import { GREY, PRIORITY_HUES, STATUS_HUES } from "../../charts/colours";
import { wordLabel } from "../../filters/dimensions";
import type { Slice } from "../../filters/slice";
import { formatInstant } from "../../figures/dates";
import { formatSeconds } from "../../figures/durations";
import { formatValue } from "../../figures/values";
import type { TargetState } from "../../graphql/graphql";
import type { Column } from "../../parts/data_table";
import { agentAddress } from "../agents/address";
import type { Ticket } from "./answer";
import { METRICS, type MetricKey } from "./number";
import type { Sight } from "./view";

export interface Setting {
  readonly slice: Slice;
  readonly metric: MetricKey;
  readonly sight: Sight;
  /** Whether agents have pages that the viewer may open. */
  readonly isNamed: boolean;
}

/** The first column, which is always there. */
export const ID: Column<Ticket> = { id: "id", label: "Ticket", cell: ({ id }) => <span className="ticket-id">{id}</span> };

/** The columns to choose from. */
export function columnsFor(setting: Setting): readonly Column<Ticket>[] {
  const { slice, metric, sight } = setting;
  const isCreated = metric === "ticketsCreated";
  const instant = (at: string) => <time dateTime={at}>{formatInstant(at, slice.timezone)}</time>;
  return [
    ...(sight.identity ? [{ id: "subject", label: "Subject", cell: ({ subject }: Ticket) => <Long text={subject ?? null} grows /> }] : []),
    { id: "at", label: METRICS[metric].at, sort: "at", cell: ({ at }) => instant(at) },
    ...(isCreated ? [] : [{ id: "createdAt", label: "Created", sort: "createdAt", cell: ({ createdAt }: Ticket) => instant(createdAt) }]),
    { id: "duration", label: "Took", definition: `Since creation, on the ${slice.clock} clock.`, isNumber: true, sort: "duration", cell: (ticket) => <Duration ticket={ticket} clock={slice.clock} /> },
    { id: "withinTarget", label: "In target", cell: ({ withinTarget }) => <Kept isKept={withinTarget} /> },
    { id: "status", label: "Status", cell: ({ status }) => <Word name="status" id={status.toLowerCase()} hue={STATUS_HUES[status]} /> },
    { id: "priority", label: "Priority", sort: "priority", cell: ({ priority }) => (priority === null ? <Nothing /> : <Word name="priority" id={priority} hue={PRIORITY_HUES[priority]} />) },
    { id: "category", label: "Category", cell: ({ category }) => category?.name ?? <Nothing /> },
    { id: "channel", label: "Channel", cell: ({ channel }) => (channel === null ? <Nothing /> : (wordLabel("channel", channel) ?? channel)) },
    { id: "team", label: "Team", cell: ({ team }) => team?.name ?? <Nothing /> },
    ...(sight.agents ? [{ id: "agent", label: "Agent", cell: ({ agent }: Ticket) => <Agent agent={agent ?? null} setting={setting} /> }] : []),
    { id: "organization", label: "Organization", cell: ({ organization }) => <Long text={organization?.name ?? null} /> },
    ...(sight.identity ? [{ id: "requester", label: "Requester", cell: ({ requester }: Ticket) => requester ?? <Nothing /> }] : []),
    { id: "tags", label: "Tags", cell: ({ tags }) => (tags.length === 0 ? <Nothing /> : <Long text={tags.join(", ")} />) },
    { id: "responseTarget", label: "First response due", cell: ({ responseTarget }) => <Due target={responseTarget} zone={slice.timezone} /> },
    { id: "resolutionTarget", label: "Resolution due", cell: ({ resolutionTarget }) => <Due target={resolutionTarget} zone={slice.timezone} /> },
    ...(sight.scores ? [{ id: "score", label: "Rating", isNumber: true, sort: "score", cell: ({ score }: Ticket) => score ?? <Nothing /> }] : []),
    ...(sight.comments ? [{ id: "comment", label: "Comment", cell: ({ comment }: Ticket) => <Long text={comment ?? null} /> }] : []),
  ];
}

function Nothing() {
  return <span className="quiet">—</span>;
}

function Long({ text, grows = false }: { text: string | null; grows?: boolean }) {
  return text === null ? <Nothing /> : <span className={grows ? "long grows" : "long"} title={text}>{text}</span>;
}

function Duration({ ticket: { seconds, businessSeconds }, clock }: { ticket: Ticket; clock: Slice["clock"] }) {
  const shown = clock === "business" ? businessSeconds : seconds;
  return shown === null ? <Nothing /> : <span title={formatSeconds(shown)}>{formatValue(shown, "SECONDS")}</span>;
}

function Kept({ isKept }: { isKept: boolean | null }) {
  if (isKept === null) return <Nothing />;
  return isKept ? <span className="kept">met</span> : <span className="missed">missed</span>;
}

function Word({ name, id, hue = GREY }: { name: "status" | "priority"; id: string; hue?: string }) {
  return (
    <span className="word">
      <span className="dot" aria-hidden="true" style={{ background: `var(${hue})` }} />
      {wordLabel(name, id) ?? id}
    </span>
  );
}

function Agent({ agent, setting: { slice, isNamed } }: { agent: { readonly id: string; readonly name: string } | null; setting: Setting }) {
  if (agent === null) return <span className="quiet">Unassigned</span>;
  return isNamed ? <Link href={agentAddress(agent.id, slice)}>{agent.name}</Link> : agent.name;
}

const STATES: Readonly<Record<TargetState, string>> = { MET: "met", MISSED: "missed", RUNNING: "running" };

function Due({ target, zone }: { target: Ticket["responseTarget"]; zone: string }) {
  if (target === null) return <Nothing />;
  const { dueAt, state } = target;
  return (
    <>
      {dueAt === null ? "paused" : <time dateTime={dueAt}>{formatInstant(dueAt, zone)}</time>} <span className={state === "MISSED" ? "missed" : "quiet"}>{STATES[state]}</span>
    </>
  );
}
