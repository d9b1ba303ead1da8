import { describe, expect, it } from "vitest";

import { parseSlice } from "../src/filters/slice";
import { bodyOf, fileName } from "../src/parts/export/download";
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

describe("an export", () => {
  it("is ordered with the parameters of the address", () => {
    const slice = parseSlice("since=2026-03-01&until=2026-04-01&category=billing&category=none");
    expect(bodyOf({ report: "summary", format: "csv", slice })).toEqual({
      report: "summary",
      format: "csv",
      locale: "en-GB",
      since: "2026-03-01",
      until: "2026-04-01",
      timezone: "UTC",
      compareTo: "previous_period",
      attribution: "event",
      clock: "calendar",
      category: ["billing", "none"],
    });
  });

  it("is in the order of its table, of what its search finds", () => {
    const body = bodyOf({ report: "agents", format: "csv", slice: parseSlice(""), members: { sort: "-openTickets", search: "an" } });

    expect(body).toMatchObject({ report: "agents", sort: "-openTickets", search: "an" });
  });

  it.each([
    ['attachment; filename="summary.csv"', "summary.csv"],
    ["attachment; filename=\"s.csv\"; filename*=UTF-8''%C3%BCbersicht.csv", "übersicht.csv"],
    [null, null],
  ])("has the name that %s gives", (header, name) => {
    expect(fileName(header)).toBe(name);
  });
});
