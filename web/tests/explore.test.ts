import { parse } from "graphql";
import { describe, expect, it } from "vitest";

import { parseSlice } from "../src/filters/slice";
import { allowedColumns, mayRead, missing, offeredGroups } from "../src/pages/explore/allowed";
import type { Breakdown, Series } from "../src/pages/explore/answer";
import { describeBound, readInput, writeInput } from "../src/pages/explore/bounds";
import { crossingOf, lineCharts } from "../src/pages/explore/charts";
import { formatChoice, parseChoice, toggleGroup, toggleMetric, withBound, type Choice } from "../src/pages/explore/choice";
import { columnsOf, type ReportColumn } from "../src/pages/explore/columns";
import { enumOf, questionOf } from "../src/pages/explore/document";
import { offeredViews, viewOf } from "../src/pages/explore/fitting";
import type { GroupName, Key } from "../src/pages/explore/groups";
import { linesOf, narrowedBy, together } from "../src/pages/explore/table";
import type { MetricInfo } from "../src/session/session";

const KNOWN = new Set(["ticketsCreated", "avgResponseTime", "csatScore", "reopens"]);
const NOW = new Date("2026-10-01T12:00:00Z");
const AUGUST = "since=2026-08-01&until=2026-09-01&timezone=Europe/Berlin";
const choiceIn = (query: string): Choice => parseChoice(query, KNOWN);
const metric = (name: string, unit: MetricInfo["unit"], capability = "reports:summary:read"): MetricInfo => ({ name, label: name, unit, better: "LOWER", definition: "", capability, details: [] });
const column = (name: string, unit: MetricInfo["unit"]): ReportColumn => ({ ...metric(name, unit), metric: name, detail: null });
const CREATED = column("ticketsCreated", "TICKETS");
const RESPONSE = column("avgResponseTime", "SECONDS");
const anyone = (): boolean => true;
const READ = { period: { since: "2026-08-01T00:00:00+02:00", until: "2026-09-01T00:00:00+02:00" }, comparisons: [], can: anyone };
const key = (dimension: Key["dimension"], id: string | null, label: string | null = id, start: string | null = null): Key => ({ dimension, id, label, start });

describe("a choice", () => {
  it("is the address, there and back", () => {
    const query = `${AUGUST}&metric=ticketsCreated&metric=avgResponseTime&by=category&by=time&having=ticketsCreated:20-&having=csatScore:0.5-0.9&grain=week&sort=-avgResponseTime&view=table`;

    const choice = choiceIn(query);

    expect(choice.bounds).toEqual([
      { metric: "ticketsCreated", gte: 20, lte: null },
      { metric: "csatScore", gte: 0.5, lte: 0.9 },
    ]);
    expect(formatChoice(choice, query)).toBe(query);
  });

  it("is tickets created over time where the address says nothing, or nothing known", () => {
    const choice = choiceIn("metric=nothing&by=colour&having=ticketsCreated:-&having=x:1-2&sort=-colour&view=pie&grain=decade");

    expect(choice).toMatchObject({ metrics: ["ticketsCreated"], by: ["time"], grain: null, bounds: [], sort: null, view: null });
  });

  it("keeps its last metric and its last dimension, and has four dimensions at most", () => {
    const one = choiceIn("");
    const four = choiceIn("by=category&by=priority&by=channel&by=team");

    expect(toggleMetric(one, "ticketsCreated")).toBe(one);
    expect(toggleGroup(one, "time")).toBe(one);
    expect(toggleGroup(four, "tag")).toBe(four);
    expect(toggleGroup(four, "team").by).toEqual(["category", "priority", "channel"]);
  });

  it("is no longer ordered by what was taken out, and starts at its first row", () => {
    const choice = choiceIn("metric=ticketsCreated&metric=reopens&by=category&by=time&grain=week&sort=-reopens&cursor=abc");

    expect(toggleMetric(choice, "reopens").sort).toBeNull();
    expect(toggleGroup(choice, "time").grain).toBeNull();
    expect(formatChoice(choice, "cursor=abc&limit=100&category=billing")).not.toMatch(/cursor|limit/);
  });

  it("has one pair of bounds a metric", () => {
    const bound = { metric: "reopens", gte: 1, lte: null };

    const twice = withBound(withBound(choiceIn(""), "reopens", bound), "reopens", { ...bound, gte: 2 });

    expect(twice.bounds).toEqual([{ ...bound, gte: 2 }]);
    expect(withBound(twice, "reopens", null).bounds).toEqual([]);
  });
});

describe("what stands beside a metric", () => {
  const details = [
    { name: "median", unit: "SECONDS" as const, description: "The median." },
    { name: "withinTarget", unit: "TICKETS" as const, description: "Within." },
  ];
  const [mean, median, within] = columnsOf({ ...metric("avgResponseTime", "SECONDS"), label: "First response time, mean", details });
  const all = new Set(["ticketsCreated", "avgResponseTime", "avgResponseTime.median", "avgResponseTime.withinTarget"]);

  it("is a column of its own, called by both", () => {
    expect([mean, median, within].map((one) => one?.label)).toEqual(["First response time, mean", "First response time, median", "First response time, within target"]);
    expect(within).toMatchObject({ name: "avgResponseTime.withinTarget", unit: "TICKETS", metric: "avgResponseTime", detail: "withinTarget" });
  });

  it("is asked for within its metric, which stands there once; rows are in the order of a metric", () => {
    const asked = parseChoice("metric=avgResponseTime.median&metric=avgResponseTime.withinTarget&metric=ticketsCreated&by=category", all);
    const { text } = questionOf(asked, parseSlice(AUGUST), NOW).document;

    expect(() => parse(text)).not.toThrow();
    expect(text.match(/avgResponseTime \{/g)).toHaveLength(2); // of the whole, and of the rows
    expect(text).toMatch(/avgResponseTime \{\s+\.\.\.Shown\s+median\s+withinTarget\s+\}/);
    expect(text).toContain("orderBy: [{metric: TICKETS_CREATED, direction: DESC}]");
  });

  it("orders and bounds nothing, and is no line", () => {
    const asked = parseChoice("metric=avgResponseTime.median&sort=-avgResponseTime.median&having=avgResponseTime.median:1-&view=line", all);

    expect(asked).toMatchObject({ metrics: ["avgResponseTime.median"], sort: null, bounds: [] });
    expect(viewOf(asked)).toBe("table");
    expect(questionOf({ ...asked, by: ["category"] }, parseSlice(AUGUST), NOW).document.text).toContain("orderBy: [{metric: AVG_RESPONSE_TIME");
  });

  it("has its own number in a row, and its own tickets where there are such", () => {
    const value = { value: 300, count: 8, suppressed: false, reason: null, median: 240, withinTarget: 5 };
    const rows = [{ keys: [key("TEAM", "a", "Alpha")], metrics: { avgResponseTime: value } }];

    const [line] = linesOf({ total: 1, nextCursor: null, rows }, { slice: parseSlice(AUGUST), grain: "DAY", metrics: [median!, within!], ...READ });

    expect(line?.cells["avgResponseTime.median"]).toMatchObject({ text: "4 min", note: "240 s, of 8", change: null });
    expect(line?.cells["avgResponseTime.median"]?.address).not.toContain("of=");
    expect(line?.cells["avgResponseTime.withinTarget"]).toMatchObject({ text: "5", address: expect.stringContaining("metric=avgResponseTime&of=within_target") });
  });

  it("needs what its metric needs: of ratings of single agents, more", () => {
    const rating = { ...metric("csatScore", "RATIO", "csat:score:read"), details };
    const can = (capability: string): boolean => capability === "csat:score:read";

    expect([...allowedColumns(can, [rating], ["team"]).keys()]).toEqual(["csatScore", "csatScore.median", "csatScore.withinTarget"]);
    expect([...allowedColumns(can, [rating], ["agent"]).keys()]).toEqual([]);
    expect(missing(can, rating, ["agent"])).toBe("csat:agent:read");
  });
});

describe("the document", () => {
  const ask = (query: string) => questionOf(choiceIn(`${AUGUST}&${query}`), parseSlice(AUGUST), NOW);

  it.each(["", "by=category", "by=category&by=priority", "by=time&by=category&view=table&having=reopens:1-&sort=-category", "metric=csatScore&by=agent&sort=csatScore"])("is GraphQL for %s", (query) => {
    expect(() => parse(ask(query).document.text)).not.toThrow();
  });

  it("asks for what is shown, and for nothing else", () => {
    const { text } = ask("metric=avgResponseTime&by=category&having=ticketsCreated:20-&sort=-avgResponseTime").document;

    expect(text).toContain("by: [CATEGORY]");
    expect(text).toContain("orderBy: [{metric: AVG_RESPONSE_TIME, direction: DESC}]");
    expect(text).toContain("having: [{metric: TICKETS_CREATED, gte: 20}]");
    expect(text).not.toContain("ticketsCreated {");
    expect(text).not.toContain("series");
  });

  it("asks for columns where lines are drawn, and compares nothing where nothing is compared", () => {
    const question = questionOf(choiceIn("by=time&by=category"), parseSlice(`${AUGUST}&compareTo=none`), NOW);

    expect(question.view).toBe("line");
    expect(question.document.text).toContain("series(grain: DAY, by: CATEGORY)");
    expect(question.document.text).not.toContain("previous");
  });

  it("names metrics as the gateway's enum does", () => {
    expect(enumOf("avgResponseTime")).toBe("AVG_RESPONSE_TIME");
  });
});

describe("the views", () => {
  it.each([
    ["", "line"],
    ["by=category", "bar"],
    ["by=category&by=priority", "heatmap"],
    ["by=category&by=priority&by=channel", "table"],
    ["by=time&having=reopens:1-", "table"],
    ["by=category&view=table", "table"],
    ["by=category&view=line", "bar"],
  ])("for %s the first that fits is %s", (query, view) => {
    expect(viewOf(choiceIn(query))).toBe(view);
  });

  it("says why the others do not fit", () => {
    const refusals = Object.fromEntries(offeredViews(choiceIn("by=category")).map(({ id, refusal }) => [id, refusal]));

    expect(refusals).toEqual({ table: null, bar: null, line: "A line goes over time: add Time.", heatmap: "A heatmap shows two dimensions." });
  });
});

describe("bounds", () => {
  it("are written in hours and percent, and read as seconds and shares", () => {
    expect(readInput("1.5", "SECONDS")).toBe(5_400);
    expect(readInput("7", "RATIO")).toBe(0.07);
    expect(readInput("2,5", "TICKETS")).toBe(2.5);
    expect(readInput("-1", "TICKETS")).toBeNull();
    expect(writeInput(0.07, "RATIO")).toBe("7");
    expect(describeBound({ metric: "x", gte: 3_600, lte: 28_800 }, RESPONSE)).toBe("1 h to 8 h");
    expect(describeBound({ metric: "x", gte: 20, lte: null }, CREATED)).toBe("at least 20");
  });
});

describe("what a role may use", () => {
  const csat = metric("csatScore", "RATIO", "csat:score:read");
  const analyst = (capability: string): boolean => ["reports:summary:read", "reports:agents:read", "csat:score:read"].includes(capability);

  it("leaves out ratings of single agents, and agents, where it may not see them", () => {
    expect(mayRead(analyst, csat, ["category"])).toBe(true);
    expect(mayRead(analyst, csat, ["agent"])).toBe(false);
    expect(offeredGroups(analyst, [csat])).not.toContain("agent");
    expect(offeredGroups(analyst, [CREATED])).toContain("agent");
    expect(offeredGroups((capability) => capability === "reports:summary:read", [CREATED])).not.toContain("agent");
  });
});

describe("a row", () => {
  const slice = parseSlice(`${AUGUST}&category=billing`);

  it("leads to its own slice, the bucket cut to the period", () => {
    const keys = [key("TIME", "2026-07-27", null, "2026-07-27"), key("PRIORITY", "high"), key("CATEGORY", null)];

    expect(narrowedBy(keys, { slice, grain: "WEEK", ...READ })).toMatchObject({
      slice: { period: { since: "2026-08-01", until: "2026-08-03" }, filter: { category: ["none"], priority: ["high"] } },
      own: {},
    });
  });

  it("is a row by its keys where no filter says it, or the viewer may not name it", () => {
    const named = (can: (capability: string) => boolean) => narrowedBy([key("HOUR_OF_DAY", "9", "09:00"), key("AGENT", "p:1", "Agent 1")], { slice, grain: "DAY", ...READ, can });

    expect(named(anyone)).toMatchObject({ slice: { filter: { agent: ["p:1"] } }, own: { row: "hour_of_day:9" } });
    expect(named(() => false).own).toEqual({ row: "hour_of_day:9,agent:p%3A1" });
    expect(narrowedBy([key("TAG", "b")], { slice: parseSlice("tag=a"), grain: "DAY", ...READ })).toMatchObject({ slice: { filter: { tag: ["a"] } }, own: { row: "tag:b" } });
  });

  it("goes with others of its dimension, of which a filter has many values", () => {
    expect(together([key("TEAM", "a"), key("TEAM", null)], { slice, can: anyone })?.slice.filter.team).toEqual(["a", "none"]);
    expect(together([key("DAY_OF_WEEK", "1"), key("DAY_OF_WEEK", "2")], { slice, can: anyone })).toBeNull();
  });

  it("says what is unknown, withheld and forbidden", () => {
    const plain = { count: null, suppressed: false, reason: null };
    const breakdown: Breakdown = {
      total: 2,
      nextCursor: null,
      rows: [
        { keys: [key("TEAM", "a", "Alpha")], metrics: { ticketsCreated: { ...plain, value: 40 }, avgResponseTime: { ...plain, value: null, reason: "No first response." } } },
        { keys: [key("TEAM", null)], metrics: { ticketsCreated: { ...plain, value: null, suppressed: true, reason: "Small." }, avgResponseTime: null } },
      ],
    };

    const [first, second] = linesOf(breakdown, { slice, grain: "DAY", metrics: [CREATED, RESPONSE], ...READ });

    expect(first?.cells.ticketsCreated).toMatchObject({ text: "40", part: 1, address: expect.stringContaining("team=a") });
    expect(first?.cells.avgResponseTime).toMatchObject({ text: "—", note: "No first response.", address: null });
    expect(second?.keys[0]?.text).toBe("No team");
    expect(second?.cells.ticketsCreated).toMatchObject({ text: "<5", note: "Small.", address: null });
    expect(second?.cells.avgResponseTime?.note).toBe("Your role does not show this.");
  });
});

describe("lines", () => {
  const nowhere = () => null;
  const series = (count: number): Series => ({
    starts: ["2026-08-01", "2026-08-02"],
    isPartial: [false, false],
    groups: Array.from({ length: count }, (_, at) => ({ key: key("CATEGORY", `c${at}`), metrics: { ticketsCreated: { values: [at, 1], counts: [at, 1] }, avgResponseTime: { values: [60, 60], counts: [at, 1] } } })),
  });

  it("are seven at most: the others are a sum where they add up, and left out where they do not", () => {
    const [created, response] = lineCharts(series(10), [CREATED, RESPONSE], "DAY", "UTC", nowhere);

    expect(created?.timeline.lines.map(({ label }) => label)).toEqual(["c9", "c8", "c7", "c6", "c5", "c4", "4 others"]);
    expect(created?.timeline.lines.at(-1)?.values).toEqual([0 + 1 + 2 + 3, 4]);
    expect(response?.timeline.lines).toHaveLength(7);
    expect(response).toMatchObject({ left: 3, hasOthers: false });
  });

  it("each have a colour of their own", () => {
    const hues = lineCharts(series(7), [CREATED], "DAY", "UTC", nowhere)[0]?.timeline.lines.map(({ hue }) => hue);

    expect(new Set(hues).size).toBe(7);
  });

  it("of the whole share a chart where their unit is one", () => {
    const whole: Series = { ...series(0), groups: [{ key: null, metrics: { ticketsCreated: { values: [1, 2], counts: [1, 2] }, reopens: { values: [0, 1], counts: [0, 1] } } }] };

    const charts = lineCharts(whole, [CREATED, column("reopens", "TICKETS"), RESPONSE], "DAY", "UTC", nowhere);

    expect(charts.map(({ title }) => title)).toEqual(["ticketsCreated · reopens", "avgResponseTime"]);
  });
});

describe("a heatmap", () => {
  it("has hours along its columns, in their order, and nothing where there is no row", () => {
    const row = (day: string, hour: string, value: number) => ({
      keys: [key("HOUR_OF_DAY", hour, `${hour}:00`), key("DAY_OF_WEEK", day, `day ${day}`)],
      metrics: { ticketsCreated: { value, count: value, suppressed: false, reason: null } },
    });
    const rows = [row("2", "10", 3), row("1", "9", 1), row("1", "10", 2)];

    const crossing = crossingOf({ total: 3, nextCursor: null, rows }, ["hour_of_day", "day_of_week"] satisfies GroupName[]);

    expect(crossing.columns.map(({ id }) => id)).toEqual(["9", "10"]);
    expect(crossing.valuesOf(CREATED)).toEqual([
      [1, 2],
      [null, 3],
    ]);
  });
});
