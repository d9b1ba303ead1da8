import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

import { ask, forgetAnswers } from "../api/client";
import { RequestFault, type Fault } from "../api/faults";
import { categoryHues, type Hue } from "../charts/colours";
import { learn } from "../filters/labels";
import type { SourceAge } from "../figures/data_age";
import { SessionDocument, type SessionQuery } from "../graphql/graphql";
import { isGivenByHeader, keepToken, readToken } from "./token";

export type Viewer = SessionQuery["viewer"];
export type MetricInfo = SessionQuery["metricCatalog"][number];

export interface Session {
  readonly viewer: Viewer;
  readonly can: (capability: string) => boolean;
  /** The catalogue, in its order. */
  readonly metrics: readonly MetricInfo[];
  readonly metric: (name: string) => MetricInfo;
  /** The colour of every category by its id, the same on every page. */
  readonly categoryHues: ReadonlyMap<string | null, Hue>;
  /** Says that the gateway refused the token; the page stays while a new one is asked for. */
  readonly refuse: (reason: string) => void;
  readonly signIn: (token: string) => void;
  readonly signOut: () => void;
  /** The live sources when the session began, if there are any. */
  readonly sources: SourcesThen;
}

export interface SourcesThen {
  readonly sources: readonly SourceAge[];
  readonly at: number;
}

/** Where a session stands: nobody, on its way, there, or refused with a reason. */
export type Standing =
  | { readonly kind: "nobody" }
  | { readonly kind: "asking" }
  | { readonly kind: "failed"; readonly fault: Fault }
  | { readonly kind: "there"; readonly session: Session; readonly refusal: string | null };

const SessionContext = createContext<Session | null>(null);

/** The session of the page; only below a SessionProvider. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session here.");
  return session;
}

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export interface Sitting {
  readonly standing: Standing;
  readonly signIn: (token: string) => void;
  readonly retry: () => void;
}

/** The standing of this tab's token. What was known of a viewer stays while a new token is asked for. */
export function useSitting(): Sitting {
  const [token, setToken] = useState(readToken);
  const [attempt, setAttempt] = useState(0);
  const [found, setFound] = useState<Found | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const signIn = useCallback((next: string) => {
    keepToken(next);
    forgetAnswers();
    setFault(null);
    setToken(next);
    setAttempt((count) => count + 1);
    if (!next) setFound(null);
  }, []);

  useEffect(() => {
    if (!token && !isGivenByHeader()) return;
    const controller = new AbortController();
    ask(SessionDocument, {}, controller.signal).then(
      ({ data, receivedAt }) => {
        setFound({ token, data, at: receivedAt });
        setFault(null);
        setRefusal(null);
      },
      (caught: unknown) => {
        if (controller.signal.aborted) return;
        const failed = caught instanceof RequestFault ? caught : new RequestFault("INTERNAL", String(caught));
        setFault(failed);
        if (failed.kind === "UNAUTHENTICATED") setRefusal({ token, reason: failed.message });
      },
    );
    return () => controller.abort();
  }, [token, attempt]);

  const session = useMemo(() => found && sessionOf(found, setRefusal, signIn), [found, signIn]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  // A question may be on its way longer than its token lasts: once the session has a new one, the old one's end says nothing.
  const reason = refusal && [token, found?.token].includes(refusal.token) ? refusal.reason : null;
  return { standing: standingOf(token, session, fault, reason), signIn, retry };
}

function standingOf(token: string, session: Session | null, fault: Fault | null, refusal: string | null): Standing {
  if (!token && !isGivenByHeader()) return { kind: "nobody" };
  if (session) return { kind: "there", session, refusal };
  return fault ? { kind: "failed", fault } : { kind: "asking" };
}

/** A definition as people read it: the language's names are words. */
const inWords = (definition: string): string => definition.replaceAll("`asOf`", "the instant of the data").replaceAll("`", "");

interface Refusal {
  readonly token: string;
  readonly reason: string;
}

interface Found {
  readonly token: string;
  readonly data: SessionQuery;
  readonly at: number;
}

function sessionOf({ token, data: found, at }: Found, setRefusal: (refusal: Refusal) => void, signIn: (token: string) => void): Session {
  const capabilities = new Set(found.viewer.capabilities);
  for (const { id, name } of found.categories?.nodes ?? []) learn("category", id, name);
  const catalog = found.metricCatalog.map((metric) => ({ ...metric, definition: inWords(metric.definition) }));
  const metrics = new Map(catalog.map((metric) => [metric.name, metric]));
  return {
    viewer: found.viewer,
    can: (capability) => capabilities.has(capability),
    metrics: catalog,
    metric: (name) => {
      const metric = metrics.get(name);
      if (!metric) throw new Error(`The catalogue has no metric ${name}.`);
      return metric;
    },
    categoryHues: categoryHues(found.categories?.nodes.map(({ id }) => id) ?? []),
    refuse: (reason) => setRefusal({ token, reason }),
    signIn,
    signOut: () => signIn(""),
    sources: { sources: found.sources ?? [], at },
  };
}
