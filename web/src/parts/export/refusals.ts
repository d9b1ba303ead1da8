// What an export is refused for, or fails of, in words of its own; the gateway's message stands between them.

import type { FaultKind } from "../../api/faults";

export interface Refusal {
  readonly title: string;
  readonly advice: string;
}

const OF_FILE: Readonly<Partial<Record<FaultKind, Refusal>>> = {
  OFFLINE: { title: "The gateway does not answer", advice: "Check the connection, then retry." },
  BAD_USER_INPUT: { title: "The gateway does not make this file", advice: "Choose another format, or another slice." },
  CONTENT_TOO_LARGE: { title: "The order is too large", advice: "Filter by fewer values." },
  QUERY_TOO_COMPLEX: { title: "The report is more than one export may ask for", advice: "Shorten the period, take a coarser grain, or narrow the filter." },
  FORBIDDEN: { title: "Your role does not export this", advice: "Choose another slice, or ask a manager." },
  RATE_LIMITED: { title: "Too many exports at once", advice: "“Exports”, at the top of the page, lists those that wait." },
  TIMEOUT: { title: "The file took too long to be made at once", advice: "Have it prepared in the background, or narrow the filter." },
  UNAVAILABLE: { title: "The gateway cannot make the file now", advice: "Retry; if it says so again, tell whoever runs it." },
};

const OF_JOB: Readonly<Partial<Record<FaultKind, Refusal>>> = {
  TIMEOUT: { title: "The worker gave up: it took too long", advice: "Shorten the period, or narrow the filter." },
  UNAVAILABLE: { title: "The worker could not keep the file", advice: "Tell whoever runs the gateway, then retry." },
  INTERNAL: { title: "The worker failed", advice: "Retry; if it happens again, report the message." },
};

/** The words for what happened to a file that was waited for. */
export const refusalOf = (kind: FaultKind): Refusal | undefined => OF_FILE[kind];

/** The same of a file that a worker makes. */
export const failureOf = (kind: FaultKind): Refusal | undefined => OF_JOB[kind] ?? OF_FILE[kind];

/** Whether a worker may succeed where the gateway did not while somebody waited. */
export const helpsInBackground = (kind: FaultKind): boolean => kind === "TIMEOUT";
