import { describe, expect, it } from "vitest";

import type { Fault } from "../src/api/faults";
import { parsePaging } from "../src/filters/paging";
import { parseSlice } from "../src/filters/slice";
import type { TicketsAnswer } from "../src/pages/tickets/answer";
import { columnsFor } from "../src/pages/tickets/columns";
import { askOf, METRICS, pageBehind, parseNumber, wordsOf, type MetricKey } from "../src/pages/tickets/number";
import { relevantFaults, sentenceOf, sightOf, sortsFor, ticketsVariables, usualColumns, USUAL_ORDER } from "../src/pages/tickets/view";

const read = (query: string) => parseNumber(new URLSearchParams(query));
const page = (total: number) => ({ total, nextCursor: null, nodes: [] });
const answer = (report: object): TicketsAnswer => ({ report: { metrics: {}, ...report } }) as unknown as TicketsAnswer;
const ALL = { identity: true, agents: true, scores: true, comments: true };
const NONE = { identity: false, agents: false, scores: false, comments: false };

describe("the number in the address", () => {
  it.each([
    ["", { ticketsCreated: true }, undefined],
    ["metric=unheardOf", { ticketsCreated: true }, undefined],
    ["metric=reopenRate", { reopenRate: true }, undefined],
    ["metric=avgResponseTime&bucket=900-1800", { ofResponse: true, edges: [900, 1800] }, "that took 15 min to 30 min"],
    ["metric=avgResolutionTime&bucket=86400-", { ofResolution: true, edges: [86400] }, "that took 1 d or more"],
    ["metric=resolutionRate&of=within_target", { ofTarget: true, target: "WITHIN_TARGET" }, "within target"],
    ["metric=csatScore&score=5", { ofScore: true, score: [4] }, "with a rating of 5"],
    ["metric=ticketsCreated&weekdayHour=6-23", { ofHour: true, hour: [6, 23] }, "on Sundays from 23:00 to 24:00"],
  ])("%s asks for just that", (query, asks, words) => {
    expect(askOf(read(query))).toEqual(asks);
    expect(read(query).part?.words).toBe(words);
  });

  it("is of one row of a breakdown, with a part of it", () => {
    const number = read("metric=resolutionRate&of=within_target&row=day_of_week:1,agent:none");
    expect(askOf(number)).toEqual({ ofTarget: true, target: "WITHIN_TARGET", ofRow: true, by: ["DAY_OF_WEEK", "AGENT"], keys: ["1", null] });
    expect(wordsOf(number)).toBe(" within target on Mondays without agent");
  });

  it.each(["row=time:1", "row=day_of_week", "row=tag:a,tag:b", "row=tag:a:b", "metric=ticketsCreated&weekdayHour=0-9&row=tag:a"])("%s names no row", (query) => {
    expect(read(query).row).toBeNull();
  });

  it.each(["metric=reopens&bucket=0-900", "metric=avgResponseTime&bucket=900-60", "metric=csatScore&score=6", "metric=ticketsCreated&weekdayHour=7-1", "metric=csatScore&of=within_target"])(
    "%s has no such part, and is the metric",
    (query) => {
      expect(read(query).part).toBeNull();
    },
  );

  it("is asked with all that the viewer may see", () => {
    const number = read("metric=openTickets");
    const asked = ticketsVariables(parseSlice("category=billing"), { number, order: USUAL_ORDER, paging: parsePaging(new URLSearchParams()), sight: NONE });
    expect(asked).toMatchObject({ openTickets: true, first: 50, orderBy: [{ by: "AT", direction: "DESC" }], identity: false, scores: false, filter: { category: { in: ["billing"] } } });
    expect("compareTo" in asked).toBe(false);
  });
});

describe("the sentence", () => {
  it("counts, and tells the number where it is another one", () => {
    const data = answer({ metrics: { avgResponseTime: { value: 8_040, unit: "SECONDS", count: 484, tickets: page(484) } } });
    expect(sentenceOf(read("metric=avgResponseTime"), "First response", data)).toEqual({ title: "484 tickets behind “First response”", value: "2 h 14 min" });
  });

  it("counts events where a ticket may be there twice", () => {
    const data = answer({ metrics: { reopens: { value: 1, unit: "EVENTS", count: 1, tickets: page(1) } } });
    expect(sentenceOf(read("metric=reopens"), "Reopens", data)).toEqual({ title: "1 reopen behind “Reopens”", value: null });
  });

  it("says where there is no list", () => {
    expect(sentenceOf(read("metric=csatScore"), "CSAT", answer({ metrics: { csatScore: null } })).title).toBe("No list of tickets behind “CSAT”");
  });
});

describe("a bucket's tickets", () => {
  const number = read("metric=avgResponseTime&bucket=900-1800");
  const buckets = [
    { from: 0, to: 900, tickets: null },
    { from: 900, to: 1800, tickets: page(12) },
    { from: 1800, to: null, tickets: null },
  ];
  const data = answer({ ofResponse: { responseTimeDistribution: { buckets } } });

  it("are those of that bucket alone", () => {
    expect(pageBehind(number, data.report)?.total).toBe(12);
  });

  it("are shown although a cursor holds for no other bucket", () => {
    const other: Fault = { kind: "BAD_USER_INPUT", message: "", path: "report.ofResponse.responseTimeDistribution.buckets.0.tickets" };
    const foreign: Fault = { kind: "TIMEOUT", message: "", path: "report.metrics" };
    expect(relevantFaults(number, data, [other, foreign])).toEqual([foreign]);
    expect(relevantFaults(number, answer({}), [other])).toEqual([other]);
  });
});

describe("the columns", () => {
  const ids = (sight: typeof ALL, metric: MetricKey = "csatScore") => columnsFor({ slice: parseSlice(""), metric, sight, isNamed: true }).map(({ id }) => id);

  it("are all that the viewer may see", () => {
    const missing = ids(ALL).filter((id) => !ids(NONE).includes(id));
    expect(missing).toEqual(["subject", "agent", "requester", "score", "comment"]);
  });

  it("say creation once", () => {
    expect(ids(ALL, "ticketsCreated")).not.toContain("createdAt");
    expect(ids(ALL, "reopens")).toContain("createdAt");
  });

  it("have the usual ones of every metric among them", () => {
    for (const metric of Object.keys(METRICS) as MetricKey[]) {
      for (const id of usualColumns(METRICS[metric].kind, "ALL")) expect(ids(ALL, metric)).toContain(id);
    }
  });

  it("leave out what is the same on every row", () => {
    expect(usualColumns("created", "ALL")).toContain("agent");
    expect(usualColumns("created", "SELF")).not.toContain("agent");
    expect(usualColumns("created", "ORGANIZATION")).not.toContain("organization");
  });

  it("follow the viewer's capabilities", () => {
    const analyst = new Set(["reports:agents:read", "csat:score:read"]);
    const sight = sightOf((one) => analyst.has(one));
    expect(sight).toEqual({ identity: false, agents: true, scores: false, comments: false });
    expect(sortsFor(sight)).not.toContain("score");
  });
});
