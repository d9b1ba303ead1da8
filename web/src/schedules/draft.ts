// A schedule as it is filled in, and what the gateway is told of it.

import type { Cadence, DestinationsQuery, PlannedFragment, SaveScheduleMutationVariables, Weekday } from "../graphql/graphql";
import { fileMembers, type FileWish, type FormatName, type Separator } from "../parts/export/formats";

export type Planned = PlannedFragment;
export type Destinations = NonNullable<DestinationsQuery["destinations"]>;

/** Where a report is delivered to. */
export type Way = "emails" | "folder";

export interface Timing {
  readonly cadence: Cadence;
  readonly weekday: Weekday;
  /** null: the month's last day. */
  readonly monthDay: number | null;
  readonly time: string;
  readonly timezone: string;
}

export interface Draft extends Timing {
  readonly file: FileWish;
  readonly way: Way;
  /** As they are typed. */
  readonly emails: string;
  readonly folder: string;
}

/** An order as it is kept: a JSON object. */
export type KeptOrder = Readonly<Record<string, unknown>>;

const USUAL: Timing = { cadence: "WEEKLY", weekday: "MONDAY", monthDay: 1, time: "08:00", timezone: "UTC" };

/** A schedule that is not there yet, in a zone. */
export const newDraft = (timezone: string, file: FileWish): Draft => ({ ...USUAL, timezone, file, way: "emails", emails: "", folder: "" });

/** A schedule that is to be changed. */
export function draftOf({ cadence, weekday, monthDay, time, timezone, emails, folder }: Planned, file: FileWish): Draft {
  return { cadence, weekday: weekday ?? USUAL.weekday, monthDay, time, timezone, file, way: folder === null ? "emails" : "folder", emails: emails.join(", "), folder: folder ?? "" };
}

/** How the file of an order is written; what it does not say is as it is usually wished. */
export function fileOf(order: KeptOrder, usual: FileWish): FileWish {
  const { format, bom, separator } = order;
  if (format !== "csv") return { ...usual, format: format as FormatName };
  return { ...usual, format, bom: bom === true, separator: separator === "locale" ? "locale" : ("," satisfies Separator) };
}

/** The order whose CSV is written as it is wished; null where the one that is kept is so already, or none is wished. */
export function rewritten(order: KeptOrder, wish: FileWish, locale: string): KeptOrder | null {
  if (wish.format !== "csv") return null;
  const next: KeptOrder = { ...order, ...fileMembers(wish, locale) };
  const kept = fileOf(order, wish);
  return order.format === "csv" && kept.bom === wish.bom && kept.separator === wish.separator ? null : next;
}

/** When it is due, as the gateway takes it: a day is named only where the cadence has one. */
export function timingOf({ cadence, weekday, monthDay, time, timezone }: Timing) {
  return { cadence, weekday: cadence === "WEEKLY" ? weekday : null, monthDay: cadence === "MONTHLY" ? monthDay : null, time, timezone };
}

/** The addresses in a text. */
export const addressesIn = (text: string): readonly string[] => text.split(/[\s,;]+/).filter(Boolean);

export type Told = Omit<SaveScheduleMutationVariables, "report" | "id">;

/** What the gateway is told. */
export function toldOf(draft: Draft, active: boolean): Told {
  const where = draft.way === "emails" ? { emails: [...addressesIn(draft.emails)], folder: null } : { emails: null, folder: draft.folder.trim() };
  return { ...timingOf(draft), ...where, format: draft.file.format, active };
}

/** The same schedule, on or off. */
export function switched({ id, report, emails, folder, ...schedule }: Planned, active: boolean): SaveScheduleMutationVariables {
  const { format, cadence, weekday, monthDay, time, timezone } = schedule;
  return { id, report: report.id, format, cadence, weekday, monthDay, time, timezone, emails: folder === null ? emails : null, folder, active };
}

/** The ways that a gateway offers. */
export const offered = ({ mailDomains, hasFolders }: Destinations): ReadonlySet<Way> =>
  new Set([...(mailDomains.length > 0 ? (["emails"] as const) : []), ...(hasFolders ? (["folder"] as const) : [])]);
