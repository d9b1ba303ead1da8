// What can go wrong when the gateway is asked, in words that say what happened and what to do.

export type FaultKind =
  | "OFFLINE"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "BAD_USER_INPUT"
  | "NOT_FOUND"
  | "CONTENT_TOO_LARGE"
  | "QUERY_TOO_COMPLEX"
  | "RATE_LIMITED"
  | "TIMEOUT"
  | "UNAVAILABLE"
  | "INTERNAL";

/** A fault of a whole request, or of one of its fields. */
export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
  readonly path: string;
  /** The input that is at fault, by its public name, where there is one. */
  readonly parameter?: string | null;
}

interface Words {
  readonly title: string;
  readonly advice: string;
  readonly canRetry: boolean;
}

const WORDS: Record<FaultKind, Words> = {
  OFFLINE: { title: "The gateway does not answer", advice: "Check the connection; the page asks again when you do.", canRetry: true },
  UNAUTHENTICATED: { title: "The token is no longer valid", advice: "Sign in again; the page stays as it is.", canRetry: false },
  FORBIDDEN: { title: "Your role does not show this", advice: "Choose another slice, or ask a manager.", canRetry: false },
  BAD_USER_INPUT: { title: "The gateway does not understand this address", advice: "Correct the filter, or clear it.", canRetry: false },
  NOT_FOUND: { title: "There is nothing here", advice: "Go back to the overview.", canRetry: false },
  CONTENT_TOO_LARGE: { title: "That is more than one request may hold", advice: "Filter by fewer values.", canRetry: false },
  QUERY_TOO_COMPLEX: { title: "That is more work than one request may ask for", advice: "Shorten the period, take a coarser grain, or narrow the filter.", canRetry: false },
  RATE_LIMITED: { title: "Too many requests", advice: "Wait a moment, then retry.", canRetry: true },
  TIMEOUT: { title: "The answer took too long", advice: "Shorten the period or narrow the filter, then retry.", canRetry: true },
  UNAVAILABLE: { title: "The reporting store is away", advice: "It is usually back within a minute.", canRetry: true },
  INTERNAL: { title: "The gateway failed", advice: "Retry; if it happens again, report the message.", canRetry: true },
};

/** The words for a fault. */
export const wordsFor = (kind: FaultKind): Words => WORDS[kind];

const BY_STATUS: Readonly<Record<number, FaultKind>> = {
  400: "BAD_USER_INPUT",
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  413: "CONTENT_TOO_LARGE",
  422: "BAD_USER_INPUT",
  429: "RATE_LIMITED",
  503: "UNAVAILABLE",
  504: "TIMEOUT",
};

const isKind = (code: unknown): code is FaultKind => typeof code === "string" && code in WORDS;

/** The kind of a fault, by its GraphQL code, else by the status of its answer. */
export const kindOf = (code: unknown, status: number): FaultKind =>
  isKind(code) ? code : (BY_STATUS[status] ?? "INTERNAL");

/** Each thing that went wrong once, in however many fields it did. */
export const distinct = (faults: readonly Fault[]): readonly Fault[] =>
  faults.filter(({ message }, at) => faults.findIndex((one) => one.message === message) === at);

/** A fault that ends a request. */
export class RequestFault extends Error implements Fault {
  readonly path = "";

  constructor(
    readonly kind: FaultKind,
    message: string,
    readonly parameter: string | null = null,
  ) {
    super(message);
  }
}
