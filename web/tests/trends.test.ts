import { describe, expect, it } from "vitest";

import { distinct } from "../src/api/faults";
import { barOf, scaleOf } from "../src/charts/indices";
import { countedRamp, evenRamp, lastingRamp, shadeOf } from "../src/charts/ramp";
import { changed } from "../src/filters/use_own";
import { DEFAULT_SLICE, type Slice } from "../src/filters/slice";
import { formatDifference, formatIndex, formatWhole } from "../src/figures/numbers";
import { categoryPanels, movers } from "../src/pages/trends/categories";
import { refusalOf } from "../src/pages/trends/grain";
import { busiest, HOURS, MONTHS, pieces, WEEKDAYS } from "../src/pages/trends/seasons";
import { backlog, expectedTotal, isEmpty, reasonOf, sentenceOf, strangest, trendsVariables, volume, type Trends, type TrendsAnswer } from "../src/pages/trends/view";

const point = (start: string, created: number, open: number | null = 9, isPartial = false): Trends["volume"][number] => ({ start, created, resolved: 1, reopened: 0, open, isPartial });
const named = (id: string) => ({ id, name: id.toUpperCase() });
const day = (start: string, expected: number) => ({ start, expected, low: expected - 1, high: expected + 1, low95: expected - 2, high95: expected + 2 });
const mover = (id: string | null, count: number, previous: number) => ({ category: id === null ? null : named(id), count, previous, difference: count - previous, change: previous === 0 ? null : (count - previous) / previous });

const SEASON: Trends["seasonality"] = {
  weekdayHour: [[0, 2], [5, 1]],
  weekday: null,
  month: null,
  decomposition: { starts: ["2026-03-01", "2026-03-02"], trend: [5, 5], seasonal: [0.8, 1.2], remainder: [-1, 6] },
  forecast: [day("2026-03-03", 4.5), day("2026-03-04", 5.5)],
  anomalies: [
    { start: "2026-03-01", actual: 1, expected: 4, score: -4.2 },
    { start: "2026-03-02", actual: 1412, expected: 6.4, score: 18.1 },
  ],
  reasons: [{ part: "MONTH", reason: "month needs 365 complete days; the period has 2." }],
};

const TRENDS: Trends = {
  grain: "DAY",
  volume: [point("2026-03-01", 3), point("2026-03-02", 12), point("2026-03-03", 2, 9, true), point("2026-03-04", 0, null)],
  categories: [
    { category: named("billing"), points: [2, 8, 1, 0], share: 0.6, previousTotal: 40, previousShare: 0.8, change: -0.725 },
    { category: null, points: [1, 3, 1, 0], share: 0.3, previousTotal: 0, previousShare: 0, change: null },
    { category: named("access"), points: [0, 1, 0, 0], share: 0.1, previousTotal: 1, previousShare: 0.2, change: 0 },
  ],
  fastestMovers: { basis: "COMPARISON", risers: [mover(null, 5, 0)], fallers: [mover("billing", 11, 40)] },
  seasonality: SEASON,
};

const answerOf = (trends: Trends, more: Partial<TrendsAnswer> = {}): TrendsAnswer => ({ report: { trends } as TrendsAnswer["report"], ...more }) as TrendsAnswer;
const before = (values: number[]) => ({ series: { starts: [], groups: [{ metrics: { ticketsCreated: { values }, openTickets: { values } } }] } }) as unknown as TrendsAnswer["before"];

describe("what is asked", () => {
  it("has the days before, and every category where the filter has some", () => {
    const slice: Slice = { ...DEFAULT_SLICE, period: { since: "2026-03-01", until: "2026-03-31" }, filter: { category: ["billing"], channel: ["email"] } };

    const asked = trendsVariables(slice, "WEEK", new Date("2026-05-01T00:00:00Z"));

    expect(asked.before).toEqual({ since: "2026-01-30", until: "2026-03-01" });
    expect(asked).toMatchObject({ grain: "WEEK", compared: true, narrowed: true, anyCategory: { channel: { in: ["email"] } } });
    expect(trendsVariables({ ...slice, compareTo: "none", filter: {} }, "DAY", new Date())).toMatchObject({ compared: false, narrowed: false, anyCategory: null });
  });
});

describe("volume", () => {
  it("goes on with the forecast, from the running day on, and is unknown where a bucket has not begun", () => {
    const drawn = volume(answerOf(TRENDS), TRENDS, "UTC");

    expect(drawn.starts).toEqual(["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]);
    expect(drawn.lines.map(({ label, values }) => [label, values])).toEqual([
      ["Created", [3, 12, 2, null]],
      ["Resolved", [1, 1, 1, null]],
      ["Reopened", [0, 0, 0, null]],
      ["Forecast", [null, null, 4.5, 5.5]],
    ]);
    expect(drawn.bands?.map(({ low, high }) => [low[2], high[3]])).toEqual([
      [2.5, 7.5],
      [3.5, 6.5],
    ]);
    expect(drawn.isPartial).toEqual([false, false, true, false]);
  });

  it("is longer than the period where the forecast is", () => {
    const trends = { ...TRENDS, volume: TRENDS.volume.slice(0, 2) };

    const drawn = volume(answerOf(trends, { before: before([7, 8]) }), trends, "UTC");

    expect(drawn.starts).toHaveLength(4);
    for (const line of drawn.lines) expect(line.values).toHaveLength(4);
    expect(drawn.lines.find((line) => line.isComparison)?.values).toEqual([7, 8, null, null]);
  });

  it("has days that stood out only where its buckets are days", () => {
    expect(volume(answerOf(TRENDS), TRENDS, "UTC").marks?.map(({ at, value }) => [at, value])).toEqual([
      [0, 1],
      [1, 1412],
    ]);
    const weekly: Trends = { ...TRENDS, grain: "WEEK" };
    const drawn = volume(answerOf(weekly), weekly, "UTC");
    expect([drawn.marks, drawn.bands, drawn.lines.length]).toEqual([[], [], 3]);
  });

  it("is empty only where nothing came, went or came back", () => {
    const quiet = { ...TRENDS, volume: [{ ...point("2026-03-01", 0), resolved: 0 }] };
    expect([isEmpty(TRENDS), isEmpty(quiet), isEmpty({ ...quiet, volume: [{ ...point("2026-03-01", 0), resolved: 0, reopened: 1 }] })]).toEqual([false, true, false]);
  });
});

describe("the backlog", () => {
  it("is under that of before, bucket by bucket", () => {
    const drawn = backlog(answerOf(TRENDS, { before: before([4]) }), TRENDS, "UTC");

    expect(drawn.lines.map(({ values }) => values)).toEqual([
      [9, 9, 9, null],
      [4, null, null, null],
    ]);
  });
});

describe("days that stood out", () => {
  it("are told in a sentence, the strangest first", () => {
    expect(strangest(SEASON).map(sentenceOf)).toEqual(["Mon, 2 Mar 2026: 1,412 tickets, 6 expected", "Sun, 1 Mar 2026: 1 ticket, 4 expected"]);
  });

  it("are none where they are refused", () => {
    expect(strangest({ ...SEASON, anomalies: null })).toEqual([]);
  });
});

describe("a part that is refused", () => {
  it("has its own reason, as a sentence", () => {
    expect(reasonOf(SEASON, "MONTH")).toBe("Month needs 365 complete days; the period has 2.");
    expect(reasonOf(SEASON, "FORECAST")).toBeNull();
  });

  it("has no total", () => {
    expect(expectedTotal(SEASON)).toBe(10);
    expect(expectedTotal({ ...SEASON, forecast: null })).toBeNull();
  });
});

describe("categories", () => {
  it("begin with the fastest movers, whichever way, then go by size", () => {
    expect(movers(TRENDS).map(({ difference }) => difference)).toEqual([-29, 5]);
    expect(categoryPanels(answerOf(TRENDS), TRENDS).map(({ id, label, total, changing }) => [id, label, total, changing])).toEqual([
      ["billing", "BILLING", 11, { change: -0.725, previous: 40, count: 11 }],
      ["none", "No category", 5, { change: null, previous: 0, count: 5 }],
      ["access", "ACCESS", 1, { change: 0, previous: 1, count: 1 }],
    ]);
  });

  it("keep their colours under a filter", () => {
    const hueOf = (data: TrendsAnswer, trends: Trends): unknown => categoryPanels(data, trends).find(({ id }) => id === "billing")?.hue;
    const alone: Trends = { ...TRENDS, categories: TRENDS.categories.slice(0, 1) };
    const rows = [{ keys: [{ id: "billing" }] }, { keys: [{ id: null }] }, { keys: [{ id: "access" }] }];

    const filtered = answerOf(alone, { all: { breakdown: { rows } } } as unknown as Partial<TrendsAnswer>);

    expect(hueOf(filtered, alone)).toBe(hueOf(answerOf(TRENDS), TRENDS));
    expect(hueOf(filtered, alone)).not.toBe(hueOf(answerOf(alone), alone));
  });

  it("are measured half against half where nothing is compared", () => {
    const trends: Trends = {
      ...TRENDS,
      categories: TRENDS.categories.map((one) => ({ ...one, previousTotal: null, change: null })),
      fastestMovers: { basis: "HALVES", risers: [mover("billing", 8, 2)], fallers: [] },
    };

    expect(categoryPanels(answerOf(trends), trends).map(({ id, isMover, changing }) => [id, isMover, changing])).toEqual([
      ["billing", true, { change: 3, previous: 2, count: 8 }],
      ["none", false, null],
      ["access", false, null],
    ]);
  });

  it("are unknown in buckets that have not begun", () => {
    expect(categoryPanels(answerOf(TRENDS), TRENDS)[0]?.values).toEqual([2, 8, 1, null]);
  });
});

describe("seasons", () => {
  it("have names from Monday and from January on", () => {
    expect([WEEKDAYS[0], WEEKDAYS[6], MONTHS[0], MONTHS[11], HOURS[7]]).toEqual(["Mon", "Sun", "Jan", "Dec", "07"]);
  });

  it("have a busiest hour, or none", () => {
    expect(busiest(SEASON.weekdayHour)).toEqual({ day: 1, hour: 0, count: 5 });
    expect(busiest([[0, 0]])).toBeNull();
  });

  it("take the days apart, the strange ones marked at what remains of them", () => {
    const [trend, seasonal, remainder] = pieces(SEASON, "UTC") ?? [];

    expect([trend, seasonal, remainder].map((piece) => piece?.timeline.lines[0]?.values)).toEqual([
      [5, 5],
      [0.8, 1.2],
      [-1, 6],
    ]);
    expect(remainder?.timeline.marks?.map(({ at, value }) => [at, value])).toEqual([
      [0, -1],
      [1, 6],
    ]);
    expect(pieces({ ...SEASON, decomposition: null }, "UTC")).toBeNull();
  });
});

describe("bars around 1", () => {
  it("end where the value is, and begin at 1", () => {
    const scale: readonly [number, number] = [0, 2];
    expect(barOf(1.5, scale)).toEqual({ top: 25, height: 25, level: 50 });
    expect(barOf(0.5, scale)).toEqual({ top: 50, height: 25, level: 50 });
  });

  it("have all values and 1 in their scale", () => {
    for (const values of [[0.4, 1.6], [1.2, 1.6], [0.2, 0.9], [1, 1]]) {
      const [low, high] = scaleOf(values);
      for (const value of [...values, 1]) expect(value >= low && value <= high).toBe(true);
    }
  });
});

describe("a ramp", () => {
  it("goes from the ground to the full colour, with numbers that are whole and there once", () => {
    const { partOf } = countedRamp([8, 0, 2]);

    expect([shadeOf(partOf(0), "--hue-blue"), shadeOf(partOf(8), "--hue-blue")]).toEqual([
      "color-mix(in oklab, var(--hue-blue) 0%, var(--sunken))",
      "color-mix(in oklab, var(--hue-blue) 100%, var(--sunken))",
    ]);
    expect(countedRamp([100]).steps).toEqual([0, 25, 50, 75, 100]);
    expect(countedRamp([2]).steps).toEqual([0, 1, 2]);
    expect(countedRamp([]).steps).toEqual([0]);
    expect(evenRamp([1]).steps).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("of durations goes by factors, so that one of months leaves hours apart", () => {
    const { partOf, steps } = lastingRamp([600, 7_200, 86_400, 7_776_000]);

    expect(steps).toEqual([600, 900, 14_400, 259_200, 2_592_000, 7_776_000]);
    expect([partOf(0), partOf(600), partOf(7_776_000)]).toEqual([0, 0.12, 1]);
    expect(partOf(86_400) - partOf(7_200)).toBeGreaterThan(0.2);
    expect(lastingRamp([60, 60]).partOf(60)).toBe(1);
    expect(lastingRamp([]).steps).toEqual([0]);
  });
});

describe("the page's own parameters", () => {
  it("stand beside the slice's, and not at all by default", () => {
    expect(changed("timezone=Europe/Berlin", { grain: "week" })).toBe("timezone=Europe/Berlin&grain=week");
    expect(changed("timezone=Europe/Berlin&grain=week", { grain: null })).toBe("timezone=Europe/Berlin");
  });

  it("offer hours of 92 days at most", () => {
    expect(refusalOf("hour", { first: "2026-01-01", after: "2026-04-03" })).toBeNull();
    expect(refusalOf("hour", { first: "2026-01-01", after: "2026-04-04" })).toContain("92");
    expect(refusalOf("day", { first: "2020-01-01", after: "2026-04-04" })).toBeNull();
  });
});

describe("numbers of trends", () => {
  it("say how much more or less, and around what", () => {
    expect([formatDifference(12.4), formatDifference(-8), formatDifference(0.2), formatIndex(0.874), formatWhole(1260.4)]).toEqual(["+12", "−8", "0", "0.87", "1,260"]);
  });
});

describe("one cause that meets two fields", () => {
  it("is told once", () => {
    const fault = (path: string, message: string) => ({ kind: "BAD_USER_INPUT", path, message }) as const;
    expect(distinct([fault("report.trends", "too long"), fault("before.series", "too long"), fault("all", "other")]).map(({ path }) => path)).toEqual(["report.trends", "all"]);
  });
});
