import { describe, expect, it } from "vitest";

import { cleaned, DEFAULT_SLICE, filterInput, formatSlice, parseSlice, readSlice, strangersIn, toggled, variablesOf } from "../src/filters/slice";

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

describe("what of an address is not understood", () => {
  const told = (search: string): string[] => readSlice(search).misread.map(({ parameter, value, instead }) => `${parameter}=${value} -> ${instead}`);

  it.each([
    ["period=ever", "period=ever -> Last 30 days"],
    ["compareTo=x", "compareTo=x -> previous_period"],
    ["attribution=Event", "attribution=Event -> event"],
    ["clock=sun", "clock=sun -> calendar"],
    ["timezone=Mars/Base", "timezone=Mars/Base -> UTC"],
    ["timezone=%2B01:00", "timezone=+01:00 -> UTC"],
    ["since=2026-03-01", "since=2026-03-01 -> Last 30 days"],
    ["period=last_7_days&until=2026-03-01", "until=2026-03-01 -> Last 7 days"],
    ["priority=high&priority=hot", "priority=hot -> the page without it"],
    ["category=", "category= -> the page without it"],
    ["clock=business&clock=calendar", "clock=calendar -> the first one, business"],
  ])("is told with what is shown instead: %s", (search, expected) => {
    expect(told(search)).toEqual([expected]);
  });

  it("is every part of a period that is none", () => {
    expect(told("since=March&until=2026-04-01")).toEqual(["since=March -> Last 30 days", "until=2026-04-01 -> Last 30 days"]);
    expect(told("period=last_7_days&since=2026-03-01&until=2026-04-01")).toHaveLength(1);
    expect(parseSlice("period=last_7_days&since=2026-03-01&until=2026-04-01").period).toEqual({ since: "2026-03-01", until: "2026-04-01" });
  });

  it("names what is known", () => {
    expect(readSlice("clock=sun").misread[0]?.known).toBe("calendar, business");
    expect(readSlice("channel=fax").misread[0]?.known).toBe("email, web, chat, phone, api, social, other, none");
    expect(strangersIn("colour=red", ["sort"])[0]?.known).toMatch(/^period, .*tag, sort$/);
  });

  it.each(["", "period=last_7_days&timezone=Europe/Berlin", "category=billing&category=none&priority=none&tag=x", "since=2026-03-01&until=2026-04-01"])(
    "is nothing where all is: %s",
    (search) => {
      expect(readSlice(search).misread).toEqual([]);
    },
  );

  it("is a parameter that neither the slice nor the page has", () => {
    const search = "period=last_7_days&sort=-x&colour=red&cursor=abc";
    expect(strangersIn(search, ["sort", "cursor"]).map(({ parameter }) => parameter)).toEqual(["colour"]);
    expect(strangersIn(search, []).map(({ parameter }) => parameter)).toEqual(["sort", "colour", "cursor"]);
  });

  it("is gone from a cleaned address, and nothing else is", () => {
    const clean = cleaned("period=ever&clock=business&clock=sun&priority=hot&priority=low&colour=red&sort=-x", ["sort"]);
    expect(clean).toBe("clock=business&priority=low&sort=-x");
    expect(readSlice(clean).misread).toEqual([]);
    expect(cleaned(clean, ["sort"])).toBe(clean);
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
