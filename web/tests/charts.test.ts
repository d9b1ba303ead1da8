import { describe, expect, it } from "vitest";

import { categoryHues, GREY } from "../src/charts/colours";
import { categoryBars } from "../src/pages/performance/view";
import { split } from "../src/charts/plot_options";
import { dotsOf, pathOf, placed } from "../src/charts/sparkline";
import { spread, ticksOf } from "../src/charts/ticks";
import { addDays } from "../src/filters/days";

const days = (first: string, count: number): string[] => Array.from({ length: count }, (_, at) => addDays(first, at));

describe("the marks of a time axis", () => {
  it("are every day while there is room, then Mondays, then firsts of months", () => {
    expect(ticksOf(days("2026-03-01", 7), "DAY", 8)).toHaveLength(7);
    expect(ticksOf(days("2026-03-01", 30), "DAY", 8).map((tick) => tick.label)).toEqual(["2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar"]);
    expect(ticksOf(days("2026-01-15", 90), "DAY", 8).map((tick) => tick.label)).toEqual(["1 Feb", "1 Mar", "1 Apr"]);
  });

  it("are every second one where all are too many and the next kind says too little", () => {
    expect(ticksOf(days("2026-10-28", 30), "DAY", 3).map((tick) => tick.label)).toEqual(["2 Nov", "16 Nov"]);
  });

  it("are never more than there is room for", () => {
    for (const max of [2, 3, 5, 8]) expect(ticksOf(days("2024-01-01", 700), "DAY", max).length).toBeLessThanOrEqual(max);
  });
});

describe("names beside lines", () => {
  it("keep their order and their distance, and stay inside", () => {
    expect(spread([50, 52, 10], 15, 0, 60)).toEqual([45, 60, 10]);
    expect(spread([30], 15, 0, 60)).toEqual([30]);
  });
});

describe("a running bucket", () => {
  it("is drawn apart, joined to the last complete one", () => {
    expect(split([1, 2, 3], [false, false, true])).toEqual([
      [1, 2, null],
      [null, 2, 3],
    ]);
    expect(split([1, 2], [false, false])).toEqual([
      [1, 2],
      [null, null],
    ]);
  });
});

describe("a sparkline", () => {
  it("is broken where nothing is known, and a dot where a point is alone", () => {
    const { points } = placed([0, 1, null, 1]);

    expect(pathOf(points)).toBe("M0 33.00L1 3.00M3 3.00");
    expect(dotsOf(points)).toBe("M3 3.00h0");
  });
});

describe("the colours of categories", () => {
  it("depend on the ids alone, not on their order", () => {
    expect(categoryHues(["b", "a", null])).toEqual(categoryHues([null, "a", "b"]));
    expect(categoryHues(["b", null]).get(null)).toBe(GREY);
  });

  it("are those of all categories, whichever of them a page shows", () => {
    const hues = categoryHues(["a", "b", "c"]);
    const bars = (...ids: string[]) => categoryBars({ ticketsByCategory: ids.map((id) => ({ category: { id, name: id }, count: 1, share: null })) }, hues);

    expect(bars("c")[0]?.hue).toBe(bars("a", "b", "c")[2]?.hue);
    expect(bars("later")[0]?.hue).toBe(GREY);
  });
});
