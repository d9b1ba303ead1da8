import { describe, expect, it } from "vitest";

import { weeksOf } from "../src/filters/calendar";
import { addYears, dayIn, isDay } from "../src/filters/days";
import { comparedDays, daysOf, grainFor, namePeriod, type PresetName } from "../src/filters/periods";
import { selectBuckets } from "../src/filters/select_buckets";

const NOW = new Date("2026-03-31T22:30:00Z"); // in Berlin it is 1 April already

describe("the days of a period", () => {
  it.each<[PresetName, string, string]>([
    ["today", "2026-04-01", "2026-04-02"],
    ["yesterday", "2026-03-31", "2026-04-01"],
    ["last_7_days", "2026-03-26", "2026-04-02"],
    ["last_30_days", "2026-03-03", "2026-04-02"],
    ["this_week", "2026-03-30", "2026-04-06"],
    ["last_week", "2026-03-23", "2026-03-30"],
    ["this_month", "2026-04-01", "2026-05-01"],
    ["last_month", "2026-03-01", "2026-04-01"],
    ["this_quarter", "2026-04-01", "2026-07-01"],
    ["last_quarter", "2026-01-01", "2026-04-01"],
    ["this_year", "2026-01-01", "2027-01-01"],
    ["last_year", "2025-01-01", "2026-01-01"],
  ])("%s is taken in the zone", (preset, first, after) => {
    expect(daysOf({ preset }, "Europe/Berlin", NOW)).toEqual({ first, after });
  });

  it("are those that instants touch", () => {
    const period = { since: "2026-03-01T10:00:00Z", until: "2026-03-02T10:00:00Z" };
    expect(daysOf(period, "UTC", NOW)).toEqual({ first: "2026-03-01", after: "2026-03-03" });
  });

  it("are named by the first and the last of them", () => {
    expect(namePeriod({ since: "2026-03-01", until: "2026-04-01" }).replace(/\s/gu, " ")).toBe("1 – 31 Mar 2026");
    expect(namePeriod({ preset: "last_90_days" })).toBe("Last 90 days");
  });
});

describe("what a period is compared with", () => {
  const days = { first: "2024-03-01", after: "2024-03-31" };

  it.each([
    ["previous_period", "2024-01-31", "2024-03-01"],
    ["previous_year", "2023-03-01", "2023-03-31"],
    ["previous_year_weekdays", "2023-03-03", "2023-04-02"],
  ])("%s", (comparison, first, after) => {
    expect(comparedDays(days, comparison)).toEqual({ first, after });
  });

  it("has a 28 February for a 29th", () => {
    expect(addYears("2024-02-29", -1)).toBe("2023-02-28");
  });
});

describe("buckets", () => {
  it.each([
    ["2026-03-01", "2026-03-03", "HOUR"],
    ["2026-03-01", "2026-04-01", "DAY"],
    ["2026-01-01", "2027-01-01", "WEEK"],
    ["2020-01-01", "2027-01-01", "MONTH"],
  ])("of %s to %s are readable", (first, after, grain) => {
    expect(grainFor({ first, after })).toBe(grain);
  });

  it("that are selected become a period, both ends in it", () => {
    expect(selectBuckets(["2026-03-02", "2026-03-09", "2026-03-16"], "WEEK", 0, 1)).toEqual({ since: "2026-03-02", until: "2026-03-16" });
    const hours = ["2026-03-01T22:00:00+01:00", "2026-03-01T23:00:00+01:00"];
    expect(selectBuckets(hours, "HOUR", 0, 0)).toEqual({ since: hours[0], until: hours[1] });
    expect(selectBuckets(hours, "HOUR", 1, 1)).toEqual({ since: hours[1], until: "2026-03-02T00:00:00+01:00" });
  });
});

describe("days", () => {
  it("are those of the zone", () => {
    expect(dayIn("America/New_York", NOW)).toBe("2026-03-31");
    expect(dayIn("Europe/Berlin", NOW)).toBe("2026-04-01");
  });

  it("exist or do not", () => {
    expect(["2026-02-28", "2026-02-29", "2026-2-8", "2026-13-01"].map(isDay)).toEqual([true, false, false, false]);
  });

  it("lie in weeks from Monday on", () => {
    const weeks = weeksOf("2026-03-01");
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.[0]).toBe("2026-02-23");
    expect(weeks.at(-1)?.at(-1)).toBe("2026-04-05");
  });
});
