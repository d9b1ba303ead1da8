import { describe, expect, it } from "vitest";

import { formatOrder, orderedBy, parseOrder } from "../src/filters/order";
import { nextLimit, parsePaging } from "../src/filters/paging";
import { formatSlice, parseSlice } from "../src/filters/slice";
import { changed } from "../src/filters/use_own";
import { formatCounted } from "../src/figures/numbers";
import { lonely } from "../src/charts/plot_options";
import { readColumns } from "../src/parts/columns";

const USUAL = { name: "ticketsResolved", isDescending: true };
const NAMES = ["name", "ticketsResolved", "openTickets"];

describe("an order in the address", () => {
  it.each([
    ["-openTickets", { name: "openTickets", isDescending: true }],
    ["name", { name: "name", isDescending: false }],
    ["-unheardOf", USUAL],
    [null, USUAL],
  ])("%s is read", (text, order) => {
    expect(parseOrder(text, NAMES, USUAL)).toEqual(order);
  });

  it("is written as it is read", () => {
    for (const text of ["-openTickets", "name"]) expect(formatOrder(parseOrder(text, NAMES, USUAL))).toBe(text);
  });

  it("turns round where its column is chosen again", () => {
    const once = orderedBy("name", USUAL);
    expect(once).toEqual({ name: "name", isDescending: true });
    expect(orderedBy("name", once)).toEqual({ name: "name", isDescending: false });
  });
});

describe("paging in the address", () => {
  it.each([
    ["", { limit: 50, cursor: null }],
    ["limit=200&cursor=abc", { limit: 200, cursor: "abc" }],
    ["limit=501", { limit: 50, cursor: null }],
    ["limit=many", { limit: 50, cursor: null }],
  ])("%s is read", (query, paging) => {
    expect(parsePaging(new URLSearchParams(query))).toEqual(paging);
  });

  it("grows by steps up to what one answer holds", () => {
    expect([50, 70, 200, 500].map(nextLimit)).toEqual([100, 100, 500, null]);
  });

  it("keeps a cursor out of another slice, and the rest of the page's own in it", () => {
    const search = "metric=reopens&sort=-at&cursor=abc&category=billing";
    expect(formatSlice({ ...parseSlice(search), filter: {} }, search)).toBe("metric=reopens&sort=-at");
  });
});

it("an own parameter is put in or taken out, and the slice stays", () => {
  const search = "timezone=Europe/Berlin&sort=name&cursor=abc";
  expect(changed(search, { sort: "-openTickets", cursor: null })).toBe("timezone=Europe/Berlin&sort=-openTickets");
});

it.each([
  ['["team","csatScore"]', ["team", "csatScore"]],
  ["{}", null],
  ["[1]", null],
  ["no json", null],
  [null, null],
])("columns kept as %s are read", (kept, ids) => {
  expect(readColumns(kept)).toEqual(ids);
});

it("one thing is counted in the singular", () => {
  expect([0, 1, 1234].map((count) => formatCounted(count, "tickets"))).toEqual(["0 tickets", "1 ticket", "1,234 tickets"]);
});

it("a value between unknown ones is drawn as a point", () => {
  expect(lonely([1, null, 2, null, 3, 4, null])).toEqual([0, 2]);
});
