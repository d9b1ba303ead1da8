import { describe, expect, it } from "vitest";

import { placeOf, type Bucket } from "../src/charts/buckets";

const EDGES = [0, 900, 3_600, 14_400];
const buckets: readonly Bucket[] = EDGES.map((from, at) => ({ from, to: EDGES[at + 1] ?? null, count: 1, share: 0.25 }));

describe("a duration among buckets of equal width", () => {
  it.each([
    [0, 0],
    [450, 0.125],
    [900, 0.25],
    [1_800, 0.375],
    [3_600, 0.5],
    [14_400, 0.75],
    [14_400 * 8, 1],
    [14_400 * 100, 1],
  ])("%s s lies at %s", (seconds, place) => {
    expect(placeOf(seconds, buckets)).toBeCloseTo(place, 6);
  });
});
