import { describe, expect, it } from "vitest";

import { DEFAULT_SLICE, filterInput, formatSlice, parseSlice, toggled, variablesOf } from "../src/filters/slice";

describe("the slice of an address", () => {
  it("is the default one where the address says nothing", () => {
    expect(parseSlice("")).toEqual(DEFAULT_SLICE);
    expect(formatSlice(DEFAULT_SLICE)).toBe("");
  });

  it.each([
    "period=last_7_days",
    "since=2026-03-01&until=2026-04-01&timezone=Europe/Berlin",
    "since=2026-03-01T10:00:00Z&until=2026-03-01T12:00:00Z",
    "compareTo=none&attribution=creation&clock=business",
    "category=billing&category=none&priority=high&tag=a+b%26c",
  ])("is written as it was read: %s", (query) => {
    expect(formatSlice(parseSlice(query))).toBe(query);
  });

  it("keeps the page's own parameters, and only those", () => {
    expect(formatSlice(parseSlice("category=a&sort=-x"), "category=a&sort=-x")).toBe("category=a&sort=-x");
    expect(formatSlice(DEFAULT_SLICE, "category=a&sort=-x")).toBe("sort=-x");
  });

  it("takes words that nobody knows as by default", () => {
    expect(parseSlice("period=ever&clock=sun&compareTo=x&since=2026-03-01&category=")).toEqual(DEFAULT_SLICE);
  });

  it("names each value once", () => {
    expect(parseSlice("category=a&category=a").filter).toEqual({ category: ["a"] });
  });
});

describe("a filter as the gateway takes it", () => {
  it("is nothing where nothing is filtered", () => {
    expect(filterInput({})).toBeNull();
  });

  it("puts ids beside what is unset as an or", () => {
    expect(filterInput({ category: ["a", "none"], priority: ["high"], agent: ["none"] })).toEqual({
      priority: { in: ["high"] },
      agent: { isNull: true },
      and: [{ or: [{ category: { in: ["a"] } }, { category: { isNull: true } }] }],
    });
  });

  it("takes a value in and out again", () => {
    const once = toggled(DEFAULT_SLICE, "category", "a");
    expect(once.filter).toEqual({ category: ["a"] });
    expect(toggled(once, "category", "a").filter).toEqual({});
  });
});

describe("the arguments of report", () => {
  it("are in the language's words", () => {
    expect(variablesOf(parseSlice("period=this_week&compareTo=previous_year_weekdays&clock=business&timezone=Asia/Tokyo"))).toEqual({
      period: { preset: "THIS_WEEK" },
      timezone: "Asia/Tokyo",
      filter: null,
      compareTo: ["PREVIOUS_YEAR_WEEKDAYS"],
      attribution: "EVENT",
      clock: "BUSINESS",
    });
    expect(variablesOf(parseSlice("compareTo=none")).compareTo).toEqual([]);
  });
});
