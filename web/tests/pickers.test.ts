import { describe, expect, it } from "vitest";

import { choicesOf, flagsOf, hasPicker, idsOf } from "../src/filters/pickers";
import { DIMENSION_NAMES } from "../src/filters/dimensions";

const row = (id: string | null, value: number | null, suppressed = false) => ({
  keys: [{ id, label: id && `Name of ${id}` }],
  metrics: { ticketsCreated: { value, suppressed } },
});
const counted = (total: number, ...rows: ReturnType<typeof row>[]) => ({ total, rows });
const listed = (...ids: string[]) => ({ total: ids.length, nodes: ids.map((id) => ({ id, name: `Name of ${id}` })) });

describe("the choices of a dimension", () => {
  it("are those with tickets and their count first, then all others, then what is unset", () => {
    const choices = choicesOf("category", counted(2, row("b", 1200), row("c", null, true)), listed("a", "b", "c", "d"));

    expect(choices).toEqual([
      { id: "b", label: "Name of b", note: "1,200" },
      { id: "c", label: "Name of c", note: "<5" },
      { id: "a", label: "Name of a", note: "0" },
      { id: "d", label: "Name of d", note: "0" },
      { id: "none", label: "No category", note: "0" },
    ]);
  });

  it("have no count where more have tickets than were counted", () => {
    const choices = choicesOf("organization", counted(9, row("b", 3)), listed("a", "b"));

    expect(choices.map(({ id, note }) => [id, note])).toEqual([["b", "3"], ["a", undefined], ["none", undefined]]);
  });

  it("name what is unset once", () => {
    const ids = choicesOf("agent", counted(2, row(null, 7), row("b", 3)), listed("b")).map(({ id, label }) => [id, label]);

    expect(ids).toEqual([["none", "Unassigned"], ["b", "Name of b"]]);
  });

  it("are those with tickets alone where there is no list, and all of fixed words", () => {
    expect(choicesOf("team", counted(1, row("b", 3)), null).map(({ id }) => id)).toEqual(["b"]);
    expect(choicesOf("priority", counted(1, row("HIGH", 3)), null).map(({ id, note }) => [id, note])).toEqual([["high", "3"], ["low", "0"], ["normal", "0"], ["urgent", "0"]]);
  });
});

describe("the lists that are asked for", () => {
  it("are those of the dimensions that have one, as far as the viewer may read it", () => {
    const namesFor = (...capabilities: string[]) => DIMENSION_NAMES.filter((name) => hasPicker(name, (one) => capabilities.includes(one)));

    expect(namesFor("reports:agents:read")).toEqual(["category", "team", "agent", "organization", "tag"]);
    expect(namesFor()).toEqual(["category", "organization"]);
  });

  it("are named by flags and by ids, all in one request", () => {
    expect(flagsOf(["category", "priority", "tag"])).toEqual({ ofCategories: true, ofTeams: false, ofAgents: false, ofOrganizations: false, ofTags: true });
    expect(idsOf(new Map([["category", ["a", "b"]], ["agent", ["c"]]]))).toEqual({ categories: ["a", "b"], agents: ["c"] });
  });
});
