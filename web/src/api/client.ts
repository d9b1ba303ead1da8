// The one way to ask: a stored document by its hash, or one that a reader composed as text; conditional, abortable.

import { kindOf, RequestFault, type Fault } from "./faults";
import { authorization } from "../session/token";

/** A stored document: what codegen leaves of it is its hash. */
export interface Document<Data, Variables> {
  __apiType?: (variables: Variables) => Data;
}

/** A document that is sent as text: only for who may ask anything. */
export class WrittenDocument<Data, Variables> implements Document<Data, Variables> {
  __apiType?: (variables: Variables) => Data;

  constructor(readonly text: string) {}
}

/** Data whose report is there: an answer without one is a fault. */
export type Whole<Data> = Data extends { report: infer Report } ? Omit<Data, "report"> & { report: NonNullable<Report> } : Data;

export interface Answer<Data> {
  readonly data: Whole<Data>;
  /** Faults of single fields; the others arrived. */
  readonly faults: readonly Fault[];
  readonly receivedAt: number;
}

interface GraphQLError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly parameter?: string };
}

interface Body {
  readonly data?: { readonly report?: unknown } | null;
  readonly errors?: readonly GraphQLError[];
}

const ENDPOINT = "/graphql";
const MAX_ADDRESS = 4_000;
const MAX_KEPT = 60;

interface Kept {
  readonly tag: string;
  readonly answer: Answer<unknown>;
}

const kept = new Map<string, Kept>();

/** Forgets every answer: another viewer may not see them. */
export const forgetAnswers = (): void => kept.clear();

type Question = Readonly<Record<"query" | "variables" | "extensions", unknown>>;

/** What is sent for a document: its text, or the hash of one that the gateway has. */
export function questionOf<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Partial<Question> {
  if (document instanceof WrittenDocument) return { query: document.text, variables };
  const { hash } = (document as unknown as { __meta__: { hash: string } }).__meta__;
  return { variables, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
}

/** The query string that asks for a document. */
export function addressOf<Data, Variables>(document: Document<Data, Variables>, variables: Variables): string {
  const question = Object.entries(questionOf(document, variables));
  const asked = question.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  return `${ENDPOINT}?${new URLSearchParams(asked)}`;
}

/** The answer as it was last received, where it was. */
export const lastAnswer = <Data, Variables>(document: Document<Data, Variables>, variables: Variables): Answer<Data> | null =>
  (kept.get(addressOf(document, variables))?.answer as Answer<Data> | undefined) ?? null;

/**
 * The answer to a stored document; the one received before where it still holds.
 *
 * Throws a RequestFault where there is none, and an AbortError where the signal says so.
 */
export async function ask<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  const address = addressOf(document, variables);
  const known = kept.get(address);
  const response = address.length > MAX_ADDRESS ? await post(questionOf(document, variables), signal) : await get(address, known?.tag, signal);
  if (response.status === 304 && known) return remember(address, known.tag, { ...known.answer, receivedAt: Date.now() });
  const answer = await read(response);
  return remember(address, response.headers.get("etag"), answer) as Answer<Data>;
}

function remember<Data>(address: string, tag: string | null, answer: Answer<unknown>): Answer<Data> {
  kept.delete(address);
  if (tag) kept.set(address, { tag, answer });
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return answer as Answer<Data>;
}

/** What a stored mutation answers. Throws a RequestFault, also where only its field failed. */
export async function tell<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<Whole<Data>> {
  const { data, faults } = await read(await post(questionOf(document, variables)));
  const [fault] = faults;
  if (fault) throw new RequestFault(fault.kind, fault.message, fault.parameter);
  return data as Whole<Data>;
}

const headers = (): Record<string, string> => ({ accept: "application/json", ...authorization() });

const get = (address: string, tag: string | undefined, signal?: AbortSignal): Promise<Response> =>
  send(address, { headers: { ...headers(), ...(tag && { "if-none-match": tag }) }, signal, cache: "no-store" });

const post = (question: Partial<Question>, signal?: AbortSignal): Promise<Response> =>
  send(ENDPOINT, { method: "POST", headers: { ...headers(), "content-type": "application/json" }, body: JSON.stringify(question), signal });

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") throw fault;
    throw new RequestFault("OFFLINE", "No answer came from the gateway.");
  }
}

async function read(response: Response): Promise<Answer<unknown>> {
  const body = (await response.json().catch(() => null)) as Body | null;
  const errors = body?.errors ?? [];
  if (!response.ok || !body?.data || body.data.report === null) {
    const first = errors[0];
    throw new RequestFault(
      kindOf(first?.extensions?.code, response.status),
      first?.message ?? `The gateway answered ${response.status} ${response.statusText}.`,
    );
  }
  return { data: body.data, faults: errors.map(fieldFault), receivedAt: Date.now() };
}

function fieldFault(error: GraphQLError): Fault {
  return { kind: kindOf(error.extensions?.code, 200), message: error.message, path: (error.path ?? []).join("."), parameter: error.extensions?.parameter ?? null };
}
