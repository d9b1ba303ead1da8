// Schedules and deliveries in words.

import { formatInstant, formatWeekday } from "../figures/dates";
import { formatCount } from "../figures/numbers";
import type { Cadence, Weekday } from "../graphql/graphql";
import { formatBytes } from "../parts/export/job";
import type { Planned } from "./draft";

export const CADENCES: Readonly<Record<Cadence, string>> = { DAILY: "Every day", WEEKLY: "Every week", MONTHLY: "Every month" };

export const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  MONDAY: "Monday",
  TUESDAY: "Tuesday",
  WEDNESDAY: "Wednesday",
  THURSDAY: "Thursday",
  FRIDAY: "Friday",
  SATURDAY: "Saturday",
  SUNDAY: "Sunday",
};

/** The reader's zone. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const zoneName = (zone: string): string => zone.replaceAll("_", " ");

interface When {
  readonly cadence: Cadence;
  readonly weekday: Weekday | null;
  readonly monthDay: number | null;
  readonly time: string;
  readonly timezone: string;
}

/** Every Monday at 07:30, Europe/Berlin. */
export function describeCadence({ cadence, weekday, monthDay, time, timezone }: When): string {
  const days = {
    DAILY: "Every day",
    WEEKLY: `Every ${WEEKDAYS[weekday ?? "MONDAY"]}`,
    MONTHLY: monthDay === null ? "On the last day of every month" : `On day ${monthDay} of every month`,
  } as const satisfies Readonly<Record<Cadence, string>>;
  return `${days[cadence]} at ${time}, ${zoneName(timezone)}`;
}

/** Mon 30 Nov 2026, 07:30; where the reader's clock shows another time then, that too. */
export function describeDue(instant: string, zone: string, own: string): string {
  const there = `${formatWeekday(instant, zone)} ${formatInstant(instant, zone)}`;
  const here = `${formatWeekday(instant, own)} ${formatInstant(instant, own)}`;
  return there === here ? there : `${there} (${here} where you are)`;
}

/** To whom or where. */
export const describeDestination = ({ emails, folder }: Planned): string => (folder === null ? `to ${emails.join(", ")}` : `into the folder ${folder}`);

/** Where a schedule stands. */
export function describeState({ state, nextDueAt, timezone }: Planned, own: string): string {
  if (state === "INACTIVE") return "Paused";
  const next = nextDueAt === null ? "" : `Next on ${describeDue(nextDueAt, timezone, own)}`;
  return state === "PAUSED" ? `Paused while you were away; it goes on now. ${next}` : next;
}

export type DeliveryOf = Planned["deliveries"][number];

/** What became of a delivery. */
export function describeDelivery({ state, attempts, nextAttemptAt, error, bytes, fileName }: DeliveryOf, zone: string): string {
  const tried = attempts === 1 ? "once" : `${formatCount(attempts)} times`;
  const why = error ? `: ${error.message}` : "";
  switch (state) {
    case "WAITING":
      return attempts === 0 ? "Due" : `Tried ${tried}${why} Again at ${nextAttemptAt === null ? "once" : formatInstant(nextAttemptAt, zone)}`;
    case "RUNNING":
      return "Being delivered";
    case "SENDING":
      return "Being handed to the mail server";
    case "UNCERTAIN":
      return `May have arrived or not${why}`;
    case "DELIVERED":
      return `Delivered${fileName === null ? "" : `: ${fileName}`}${bytes === null ? "" : `, ${formatBytes(bytes)}`}`;
    case "REFUSED":
      return `Refused${why}`;
    case "FAILED":
      return `Failed, tried ${tried}${why}`;
  }
}

/** Why a way is not offered, and what whoever runs the gateway does about it. */
export const OFF = {
  emails: "E-mail is off. Whoever runs the gateway turns it on by DESKGRAPH_MAIL_DOMAINS, DESKGRAPH_SMTP_HOST and DESKGRAPH_SMTP_SENDER.",
  folder: "Folders are off. Whoever runs the gateway turns them on by DESKGRAPH_DELIVERY_FOLDER.",
} as const;
