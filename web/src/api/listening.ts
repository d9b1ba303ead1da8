// The one way to be told: stored subscriptions over a WebSocket, whose client is loaded once something listens.

import type { ExecutionResult } from "graphql";

import { authorization } from "../session/token";
import { questionOf, type Document } from "./client";

/** How it stands with being told. */
export type Line =
  | "connecting"
  /** Whatever changes is told. */
  | "live"
  /** It was, and will be again. */
  | "reconnecting"
  /** No socket can be had here, or the gateway tells nothing: whoever wants to know has to ask. */
  | "refused";

export interface Ears<Data> {
  readonly onLine: (line: Line) => void;
  /** Hears an answer of a subscription, by its place: the first one after each connecting, then each that differs. */
  readonly onAnswer: (data: Data, at: number) => void;
  /** Hears why the token is no longer good. */
  readonly onRefusal: (reason: string) => void;
}

export interface Listening<Data, Variables> {
  readonly document: Document<Data, Variables>;
  readonly variables: Variables;
}

/** Attempts after which no socket is to be had, where there has been none. */
const ATTEMPTS = 3;
const KEEP_ALIVE_MS = 20_000;
/** Codes of the protocol: no valid token; the gateway refuses to go on. */
const FORBIDDEN = 4403;

/** Listens to some subscriptions over one socket, until the function that comes back is called. */
export function listen<Data, Variables>(subscriptions: readonly Listening<Data, Variables>[], ears: Ears<Data>): () => void {
  let isOver = false;
  let ends: readonly (() => void)[] = [];
  void import("graphql-ws").then(({ createClient }) => {
    if (isOver) return;
    let wasThere = false;
    let failed = 0;
    const client = createClient({
      url: `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/graphql`,
      connectionParams: authorization,
      keepAlive: KEEP_ALIVE_MS,
      retryAttempts: Infinity,
      shouldRetry: (fault) => codeOf(fault) !== FORBIDDEN,
      on: {
        connected: () => {
          wasThere = true;
          ears.onLine("live");
        },
        closed: (event) => {
          if (isOver) return;
          const reason = String((event as { reason?: unknown }).reason ?? "");
          if (codeOf(event) === FORBIDDEN) ears.onRefusal(reason.replace(/^[A-Z_]+: /, ""));
          else if (wasThere) ears.onLine("reconnecting");
          else if (++failed >= ATTEMPTS) ears.onLine("refused");
        },
      },
    });
    // TRICKY: not dispose(): of a socket that is still opening, it has what was subscribed sent while it closes. The client
    // closes a socket that nothing listens to.
    ends = subscriptions.map(({ document, variables }, at) =>
      client.subscribe<Data>(
        { query: "", ...questionOf(document, variables) } as { query: string },
        {
          next: ({ data }: ExecutionResult<Data, unknown>) => data && ears.onAnswer(data, at),
          error: () => isOver || ears.onLine("refused"),
          complete: () => {},
        },
      ),
    );
  });
  return () => {
    isOver = true;
    for (const end of ends) end();
  };
}

const codeOf = (fault: unknown): unknown => (fault as { code?: unknown } | null)?.code;
