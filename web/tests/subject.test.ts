import { describe, expect, it } from "vitest";

import { parseSlice } from "../src/filters/slice";
import { formatSelection, queryOf } from "../src/parts/subject";

describe("the GraphQL of a card", () => {
  it("asks for the slice of the address", () => {
    const slice = parseSlice("period=last_7_days&timezone=Europe/Berlin&category=billing&clock=business");
    expect(queryOf({ slice, selection: "summary { openTickets { value } }" })).toBe(
      '{\n  report(period: {preset: LAST_7_DAYS}, timezone: "Europe/Berlin", filter: {category: {in: ["billing"]}}, compareTo: [PREVIOUS_PERIOD], clock: BUSINESS) {\n    summary {\n      openTickets {\n        value\n      }\n    }\n  }\n}\n',
    );
  });

  it("quotes what is text", () => {
    const slice = parseSlice('since=2026-03-01&until=2026-04-01&compareTo=none&tag=a"b');
    expect(queryOf({ slice, selection: "asOf" })).toContain('report(period: {since: "2026-03-01", until: "2026-04-01"}, timezone: "UTC", filter: {tag: {in: ["a\\"b"]}})');
  });
});

describe("a selection", () => {
  it("has a field a line, with its alias, its arguments and its fragments", () => {
    expect(formatSelection("all: breakdown(by: [TAG], orderBy: [{metric: REOPENS}]) { rows { ...Row ... on X { id } } }", 1)).toBe(
      ["all: breakdown(by: [TAG], orderBy: [{metric: REOPENS}]) {", "  rows {", "    ...Row", "    ... on X {", "      id", "    }", "  }", "}"].map((line) => `  ${line}`).join("\n"),
    );
  });
});
