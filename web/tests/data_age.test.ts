import { describe, expect, it } from "vitest";

import { formatAge } from "../src/figures/dates";
import { dataAge, type SourceAge } from "../src/figures/data_age";

const following = (lagSeconds: number, isStale = false): SourceAge => ({ lagSeconds, isStale, state: "FOLLOWING" });

describe("how old the data are", () => {
  it("is nothing to tell without live sources", () => {
    expect(dataAge([], 5)).toBeNull();
  });

  it("is the age of the source that is furthest behind, and goes on growing", () => {
    expect(dataAge([following(3), following(10)], 2)).toEqual({ text: formatAge(12), isStale: false });
  });

  it("is told apart where a source is behind, or has not been read to its end", () => {
    expect(dataAge([following(3), following(600, true)], 0)).toMatchObject({ isStale: true, text: expect.stringContaining(formatAge(600)) });
    expect(dataAge([following(3), { lagSeconds: null, isStale: true, state: "LOADING" }], 0)?.text).toContain("still loading");
  });
});
