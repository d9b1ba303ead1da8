// An export, streamed: how far it is, and the file under the name that the gateway gives it.

import { kindOf, RequestFault } from "../../api/faults";
import type { Slice } from "../../filters/slice";
import { authorization } from "../../session/token";
import type { ExportMembers, ReportName } from "../subject";

export interface ExportOrder {
  readonly report: ReportName | "tickets";
  readonly format: string;
  readonly slice: Slice;
  readonly members?: ExportMembers;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
}

const ENDPOINT = "/api/tickets/reports/export";

/** The body of an export: the parameters of the address, as members. */
export function bodyOf({ report, format, slice, members }: ExportOrder): Record<string, unknown> {
  const period = "preset" in slice.period ? { period: slice.period.preset } : slice.period;
  const { timezone, compareTo, attribution, clock, filter } = slice;
  return { report, format, locale: navigator.language, ...period, timezone, compareTo, attribution, clock, ...filter, ...members };
}

/** The name in a Content-Disposition header; the extended one wins. */
export function fileName(disposition: string | null): string | null {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (extended) return decodeURIComponent(extended);
  return /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1] ?? null;
}

/** The file. Throws a RequestFault, or an AbortError where the signal says so. */
export async function download(order: ExportOrder, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<File> {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { ...authorization(), "content-type": "application/json" },
    body: JSON.stringify(bodyOf(order)),
    signal,
  }).catch((fault: unknown) => {
    throw signal.aborted ? fault : new RequestFault("OFFLINE", "No answer came from the gateway.");
  });
  if (!response.ok || !response.body) {
    const problem = ((await response.json().catch(() => null)) ?? {}) as Problem;
    throw new RequestFault(kindOf(problem.code, response.status), problem.detail ?? problem.title ?? response.statusText);
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    parts.push(step.value);
    bytes += step.value.byteLength;
    onBytes(bytes);
  }
  const name = fileName(response.headers.get("content-disposition")) ?? `${order.report}.${order.format}`;
  return new File(parts, name, { type: response.headers.get("content-type") ?? "" });
}

/** Gives the file to the reader. */
export function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
