// An export on its way: ordered, followed while a worker makes it, received, and saved under the gateway's name.

import { tell } from "../../api/client";
import { kindOf, RequestFault } from "../../api/faults";
import { CancelExportDocument } from "../../graphql/graphql";
import { authorization } from "../../session/token";
import { formatBytes, isUnderway, type Job } from "./job";

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly message: string }[];
}

const ENDPOINT = "/api/tickets/reports/export";
const POLL_SECONDS = 1;

/** What is said when an export begins or ends that a worker makes. */
export const EXPORTS_CHANGED = "deskgraph:exports";
const announce = (): boolean => dispatchEvent(new Event(EXPORTS_CHANGED));

/** Orders a file: the answer has it, or is the job that makes it. */
export async function order(body: Readonly<Record<string, unknown>>, inBackground: boolean, signal: AbortSignal): Promise<Response> {
  const headers = { "content-type": "application/json", ...(inBackground && { prefer: "respond-async" }) };
  const response = await send(ENDPOINT, { method: "POST", headers, body: JSON.stringify(body), signal });
  if (response.status === 202) announce();
  return response;
}

/** The job, once it has ended; until then it is told each time that it was looked at. */
export async function followed(job: Job, onJob: (job: Job) => void, signal: AbortSignal): Promise<Job> {
  let last = job;
  while (isUnderway(last)) {
    onJob(last);
    await pause(POLL_SECONDS * 1000, signal);
    last = (await (await send(`${ENDPOINT}/jobs/${job.id}`, { signal, cache: "no-store" })).json()) as Job;
  }
  announce();
  return last;
}

/** Ends an export that a worker makes. */
export const cancelJob = (id: string): Promise<unknown> => tell(CancelExportDocument, { id }).then(announce);

/** The file that a worker made. */
export const resultOf = (job: Job, signal: AbortSignal): Promise<Response> => send(`${ENDPOINT}/jobs/${job.id}/result`, { signal, cache: "no-store" });

/** The file in an answer. */
export async function receive(response: Response, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<File> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  const next = () =>
    reader?.read().catch((fault: unknown) => {
      throw signal.aborted ? fault : new RequestFault("OFFLINE", `The file broke off after ${formatBytes(bytes)}; nothing was saved.`);
    });
  for (let step = await next(); step && !step.done; step = await next()) {
    parts.push(step.value);
    bytes += step.value.byteLength;
    onBytes(bytes);
  }
  return new File(parts, fileName(response.headers.get("content-disposition")) ?? "export", { type: response.headers.get("content-type") ?? "" });
}

/** The name in a Content-Disposition header; the extended one wins. */
export function fileName(disposition: string | null): string | null {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (extended) return decodeURIComponent(extended);
  return /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1] ?? null;
}

/** Gives the file to the reader. */
export function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function send(address: string, init: RequestInit): Promise<Response> {
  const response = await fetch(address, { ...init, headers: { ...authorization(), ...init.headers } }).catch((fault: unknown) => {
    throw init.signal?.aborted ? fault : new RequestFault("OFFLINE", "No answer came from the gateway.");
  });
  if (response.ok) return response;
  const problem = ((await response.json().catch(() => null)) ?? {}) as Problem;
  const told = problem.errors?.map(({ message }) => message).join(" ") || problem.detail || problem.title;
  throw new RequestFault(kindOf(problem.code, response.status), told || `It answered ${response.status} ${response.statusText}.`);
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => (clearTimeout(timer), reject(signal.reason as Error));
    const timer = setTimeout(() => (signal.removeEventListener("abort", end), resolve()), milliseconds);
    signal.addEventListener("abort", end, { once: true });
  });
