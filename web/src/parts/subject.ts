// What a card is about, from which its menu follows: the tickets behind it, Explore, GraphQL, export, definition.

import type { Slice } from "../filters/slice";
import { filterInput, periodInput } from "../filters/slice";
import type { Asked, ReportName } from "./export/order";

export interface Subject {
  readonly slice: Slice;
  /** The metric whose facts stand behind it, by its name in the catalogue. */
  readonly metric?: string;
  /** What of `report` it shows, in GraphQL. */
  readonly selection: string;
  /** The report that an export of it has. */
  readonly report?: ReportName;
  /** What else the export is asked for: an order, a search, a part of a number. */
  readonly exported?: Asked;
  /** How Explore starts: its own parameters. */
  readonly explore?: Readonly<Record<string, string>>;
}

/** The GraphQL that answers what the card shows. */
export function queryOf({ slice, selection }: Subject): string {
  const filter = filterInput(slice.filter);
  const given = [
    `period: ${literal(periodInput(slice.period), ENUMS)}`,
    `timezone: ${JSON.stringify(slice.timezone)}`,
    ...(filter ? [`filter: ${literal(filter)}`] : []),
    ...(slice.compareTo === "none" ? [] : [`compareTo: [${slice.compareTo.toUpperCase()}]`]),
    ...(slice.attribution === "event" ? [] : ["attribution: CREATION"]),
    ...(slice.clock === "calendar" ? [] : ["clock: BUSINESS"]),
  ];
  return `{\n  report(${given.join(", ")}) {\n${formatSelection(selection, 2)}\n  }\n}\n`;
}

/** A selection with a field a line; what is between brackets stays as it is. */
export function formatSelection(selection: string, depth: number): string {
  const lines: string[] = [];
  let at = depth;
  const put = (text: string): void => void lines.push("  ".repeat(at) + text);
  for (const [token] of selection.matchAll(/[{}]|(?:\.{3}(?:\s*on\s+)?)?\w+(?::\s*\w+)?(?:\([^)]*\))?/g)) {
    if (token === "{") {
      lines.push(`${lines.pop() ?? ""} {`);
      at += 1;
    } else {
      if (token === "}") at -= 1;
      put(token);
    }
  }
  return lines.join("\n");
}

/** The members whose texts are enum values. */
const ENUMS: ReadonlySet<string> = new Set(["preset"]);

function literal(value: unknown, enums: ReadonlySet<string> = new Set(), name = ""): string {
  if (Array.isArray(value)) return `[${value.map((one) => literal(one)).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, one]) => `${key}: ${literal(one, enums, key)}`).join(", ")}}`;
  }
  return enums.has(name) ? String(value) : JSON.stringify(value);
}
