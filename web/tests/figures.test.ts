import { describe, expect, it } from "vitest";

import { describeChange } from "../src/figures/changes";
import { formatAge, formatBucket } from "../src/figures/dates";
import { formatDuration, formatEdge } from "../src/figures/durations";
import { formatValue } from "../src/figures/values";

describe("a duration", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [59.9, "1 min"],
    [60, "1 min"],
    [3_599, "1 h"],
    [8_040, "2 h 14 min"],
    [86_399, "1 d"],
    [86_400, "1 d"],
    [183_600, "2 d 3 h"],
    [-8_040, "−2 h 14 min"],
  ])("of %s s is %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [0, "0 s"],
    [900, "15 min"],
    [14_400, "4 h"],
    [1_209_600, "14 d"],
  ])("of %s s is %s at an edge", (seconds, text) => {
    expect(formatEdge(seconds)).toBe(text);
  });
});

describe("a value", () => {
  it("that cannot be known is a dash, and zero is zero", () => {
    expect(formatValue(null, "SECONDS")).toBe("—");
    expect(formatValue(0, "TICKETS")).toBe("0");
    expect(formatValue(null, "TICKETS", true)).toBe("<5");
  });

  it("is written by its unit", () => {
    expect(formatValue(12_345, "TICKETS")).toBe("12,345");
    expect(formatValue(0.7668, "RATIO")).toBe("76.7%");
    expect(formatValue(3.75, "SCORE")).toBe("3.8");
  });
});

describe("a change", () => {
  const value = { change: 0.12, count: 100, previous: 10 };

  it("is coloured by what is better, not by its sign", () => {
    expect(describeChange(value, "HIGHER", "10")?.mood).toBe("better");
    expect(describeChange(value, "LOWER", "10")?.mood).toBe("worse");
    expect(describeChange(value, "NEITHER", "10")?.mood).toBe("plain");
  });

  it("is grey below thirty facts, and says why", () => {
    const change = describeChange({ ...value, count: 29 }, "HIGHER", "10");
    expect(change?.mood).toBe("plain");
    expect(change?.note).toContain("Only 29");
  });

  it("has a sign and an arrow", () => {
    expect(describeChange(value, "LOWER", "10")).toMatchObject({ text: "+12.0%", arrow: "↑" });
    expect(describeChange({ ...value, change: -0.5 }, "LOWER", "10")).toMatchObject({ text: "−50.0%", arrow: "↓" });
    expect(describeChange({ ...value, change: null }, "LOWER", "10")).toBeNull();
  });
});

describe("a bucket", () => {
  it.each([
    ["2026-03-01", "DAY", "Sun, 1 Mar 2026"],
    ["2026-03-02", "WEEK", "week of 2 Mar 2026"],
    ["2026-04-01", "QUARTER", "Q2 2026"],
    ["2026-03-01", "MONTH", "March 2026"],
  ])("that starts on %s, by %s, is %s", (start, grain, text) => {
    expect(formatBucket(start, grain, "Europe/Berlin")).toBe(text);
  });
});

describe("an age", () => {
  it.each([
    [0, "now"],
    [12, "12 sec ago"],
    [240, "4 min ago"],
    [7_200, "2 hr ago"],
  ])("of %s s is %s", (seconds, text) => {
    expect(formatAge(seconds).replaceAll("\u00a0", " ").replace("secs", "sec").replace("hrs", "hr").replace("mins", "min")).toBe(text);
  });
});
