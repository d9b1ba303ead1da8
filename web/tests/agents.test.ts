import { describe, expect, it } from "vitest";

import { parsePaging } from "../src/filters/paging";
import { parseSlice } from "../src/filters/slice";
import { agentVariables, grainOf, teamOf, volumeOverTime, workFigures, type AgentAnswer } from "../src/pages/agent/view";
import { agentAddress, agentIn, sliceOf } from "../src/pages/agents/address";
import { silenceOf } from "../src/pages/agents/benchmark";
import { agentLines, agentsVariables, cellOf, footLines, MEASURES, measuresFor, orderText, scalesOf, USUAL_ORDER, type AgentsAnswer, type Measure } from "../src/pages/agents/view";
import { canSeeBehind } from "../src/session/behind";

const times = (mean: number | null, count: number) => ({ mean, median: mean, p90: mean, count });
const figure = (value: number | null, count: number | null = value, reason: string | null = null) => ({ value, count, reason, suppressed: reason !== null });

const row = (id: string | null, created: number, mean: number | null) => ({
  agent: id === null ? null : { id, name: `Agent ${id}`, active: true, team: null },
  ticketsCreated: created,
  ticketsResolved: 2,
  openTickets: 1,
  responseTime: times(mean, mean === null ? 0 : 7),
  resolutionTime: times(60, 2),
  resolutionRate: { value: 0.5, count: 2 },
});

const ANSWER = {
  report: {
    agents: { total: 3, nextCursor: null, rows: [row(null, 900, null), row("A/1", 40, 3_600), row("B", 20, 60)] },
    metrics: { ticketsCreated: figure(960), ticketsResolved: figure(6), openTickets: figure(3), avgResponseTime: null, avgResolutionTime: null, resolutionRate: null },
  },
} as unknown as AgentsAnswer;

const named = (id: string): Measure => MEASURES.find((one) => one.id === id)!;

describe("the agents' table", () => {
  it("has a line for work of nobody, and one for all below", () => {
    expect(agentLines(ANSWER).map(({ kind, label }) => [kind, label])).toEqual([
      ["unassigned", "Unassigned"],
      ["agent", "Agent A/1"],
      ["agent", "Agent B"],
    ]);
    expect(footLines(ANSWER, false).map(({ kind }) => kind)).toEqual(["all"]);
    expect(footLines(ANSWER, true)).toEqual([]);
  });

  it("tells what a number is of, and why there is none", () => {
    const [nobody, first] = agentLines(ANSWER);
    expect(cellOf(first!, named("avgResponseTime"))).toEqual({ value: 3_600, note: "3,600 s of 7 first responses", hasFacts: true });
    expect(cellOf(first!, named("ticketsCreated"))).toEqual({ value: 40, note: "40 tickets", hasFacts: true });
    expect(cellOf(first!, named("responses"))).toEqual({ value: 7, note: "7 first responses", hasFacts: true });
    expect(cellOf(nobody!, named("avgResponseTime"))).toEqual({ value: null, note: "There are no first responses.", hasFacts: false });
  });

  it("measures bars by the agents, not by work of nobody", () => {
    const scales = scalesOf(agentLines(ANSWER), MEASURES);
    expect(scales.get("ticketsCreated")).toBe(40);
    expect(scales.get("resolutionRate")).toBe(1);
    expect(scales.has("avgResponseTime")).toBe(false);
  });

  it("has no column of ratings for those who may not see them by agent", () => {
    expect(measuresFor(false).some(({ metric }) => metric === "csatScore")).toBe(false);
    expect(measuresFor(true)).toHaveLength(MEASURES.length);
  });

  it("is ordered by a metric or by name", () => {
    const ask = { paging: parsePaging(new URLSearchParams("limit=100")), search: "ada", canSeeRatings: false, hasBenchmark: false };
    const slice = parseSlice("period=last_7_days");
    expect(agentsVariables(slice, { ...ask, order: { name: "avgResponseTime", isDescending: false } })).toMatchObject({
      first: 100,
      after: null,
      search: "ada",
      ratings: false,
      orderBy: [{ metric: "AVG_RESPONSE_TIME", direction: "ASC" }],
    });
    expect(agentsVariables(slice, { ...ask, order: { name: "name", isDescending: true } }).orderBy).toEqual([{ dimension: "AGENT", direction: "DESC" }]);
    expect(orderText(USUAL_ORDER)).toBeNull();
  });
});

describe("the address of an agent", () => {
  const slice = parseSlice("timezone=Europe/Berlin&agent=B&category=billing");

  it("holds any id, and no filter by agent", () => {
    const address = agentAddress("A/1 ü", slice);
    expect(address).toBe("/agents/A%2F1%20%C3%BC?timezone=Europe/Berlin&category=billing");
    expect(agentIn(address.split("?")[0]!)).toBe("A/1 ü");
  });

  it("is not that of all agents", () => {
    expect(agentIn("/agents")).toBeNull();
    expect(agentIn("/agents/")).toBeNull();
  });

  it("has a slice of its own tickets, or of nobody's", () => {
    expect(sliceOf("A", slice).filter.agent).toEqual(["A"]);
    expect(sliceOf(null, slice).filter.agent).toEqual(["none"]);
  });
});

describe("an agent's page", () => {
  const metrics = (created: number, rate: number) => ({
    ticketsCreated: { ...figure(created), unit: "TICKETS" },
    resolutionRate: { ...figure(rate, 40), unit: "RATIO" },
  });
  const data = {
    report: { metrics: metrics(30, 0.75), series: { starts: ["2026-08-01"], isPartial: [false], groups: [{ metrics: { ticketsCreated: { values: [30] }, ticketsResolved: { values: [20] } } }] } },
    person: { agents: { rows: [{ agent: { id: "A", name: "Ada", active: true, team: { id: "t", name: "Tools" } } }] } },
    teams: { breakdown: { rows: [{ keys: [{ id: "u" }], metrics: metrics(1, 0) }, { keys: [{ id: "t" }], metrics: metrics(120, 0.5) }] }, series: { groups: [] } },
  } as unknown as AgentAnswer;

  it("asks for the agent, for the others, and for who it is", () => {
    const asked = agentVariables(parseSlice("agent=B&category=billing"), { id: "A", grain: "week", canSeeRatings: true, isSelf: false });
    expect(asked.filter).toEqual({ agent: { in: ["A"] }, category: { in: ["billing"] } });
    expect(asked.others).toEqual({ category: { in: ["billing"] } });
    expect(asked.agent).toEqual({ agent: { in: ["A"] } });
    expect([asked.teams, asked.benchmark, asked.grain]).toEqual([true, false, "WEEK"]);
  });

  it("stands beside the agent's own team", () => {
    expect(teamOf(data)?.name).toBe("Tools");
    const team = Object.fromEntries(workFigures(data, [], false).map((one) => [one.name, one.team?.text]));
    expect(team.ticketsCreated).toBe("25.0% of the team’s 120");
    expect(team.resolutionRate).toBe("team 50.0%");
    expect("csatScore" in team).toBe(false);
  });

  it("draws what came and what was resolved", () => {
    const asked = agentVariables(parseSlice(""), { id: "A", grain: "day", canSeeRatings: true, isSelf: false });
    expect(volumeOverTime(data, asked).lines.map(({ label, values }) => [label, values])).toEqual([
      ["Created", [30]],
      ["Resolved", [20]],
    ]);
  });

  it.each([
    ["last_7_days", "day"],
    ["last_90_days", "week"],
    ["last_365_days", "week"],
  ])("has buckets for %s that one person's work fills", (period, grain) => {
    expect(grainOf(parseSlice(`period=${period}`), new Date("2026-08-20T12:00:00Z"))).toBe(grain);
  });
});

it("a benchmark that says nothing at all tells why", () => {
  const silent = { ...figure(null, null, "Ask for whole months."), suppression: "NOT_OFFERED" as const };
  const small = { ...figure(null, null, "Too small."), suppression: "SMALL_GROUP" as const };
  expect(silenceOf({ metrics: { a: silent, b: null } })).toEqual({ reason: "Ask for whole months.", isOfferedElse: true });
  expect(silenceOf({ metrics: { a: small } })).toEqual({ reason: "Too small.", isOfferedElse: false });
  expect(silenceOf({ metrics: { a: small, b: { ...figure(3), suppression: null } } })).toBeNull();
  expect(silenceOf(null)).toBeNull();
});

it("tickets behind ratings are for those who may see whose they are", () => {
  const analyst = ["tickets:detail:read", "csat:score:read", "reports:agents:read"];
  const client = ["tickets:detail:read", "csat:score:read"];
  const can = (all: readonly string[]) => (one: string) => all.includes(one);
  expect(canSeeBehind(can(analyst), "csatScore")).toBe(false);
  expect(canSeeBehind(can([...analyst, "csat:agent:read"]), "csatScore")).toBe(true);
  expect(canSeeBehind(can(client), "csatScore")).toBe(true);
  expect(canSeeBehind(can(analyst), "openTickets")).toBe(true);
  expect(canSeeBehind(can([]), "openTickets")).toBe(false);
});
