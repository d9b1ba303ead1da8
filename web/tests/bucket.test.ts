import { describe, expect, it } from "vitest";

import { bucketPeriod, comparedSlice } from "../src/filters/bucket";
import { parseSlice } from "../src/filters/slice";

const AUGUST = { since: "2026-08-01T00:00:00+02:00", until: "2026-09-01T00:00:00+02:00" };

describe("a bucket's period", () => {
  it.each([
    ["2026-08-03", "DAY", "2026-08-03", "2026-08-04"],
    ["2026-07-27", "WEEK", "2026-08-01", "2026-08-03"],
    ["2026-08-31", "WEEK", "2026-08-31", "2026-09-01"],
    ["2026-07-01", "QUARTER", "2026-08-01", "2026-09-01"],
  ] as const)("%s by %s is its days within the report", (start, grain, since, until) => {
    expect(bucketPeriod(start, grain, AUGUST)).toEqual({ since, until });
  });

  it("is an hour as instants, and ends where the report does", () => {
    expect(bucketPeriod("2026-08-03T09:00:00+02:00", "HOUR", AUGUST)).toEqual({ since: "2026-08-03T09:00:00+02:00", until: "2026-08-03T08:00:00Z" });
    const cut = { since: "2026-08-03T09:20:00+02:00", until: "2026-08-03T09:40:00+02:00" };
    expect(bucketPeriod("2026-08-03T09:00:00+02:00", "HOUR", cut)).toEqual(cut);
    expect(bucketPeriod("2026-08-03", "DAY", cut)).toEqual(cut);
  });
});

it("what is compared with is a slice of its own", () => {
  const slice = parseSlice("category=billing");
  const before = { since: "2026-07-01T00:00:00+02:00", until: "2026-07-15T10:30:00+02:00" };
  expect(comparedSlice(slice, [before])).toMatchObject({ period: { since: "2026-07-01", until: "2026-07-15T10:30:00+02:00" }, filter: { category: ["billing"] } });
  expect(comparedSlice(slice, [])).toBeNull();
});
