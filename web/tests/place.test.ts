import { describe, expect, it } from "vitest";

import { placeUnder } from "../src/parts/place";

const SCREEN = { width: 360, height: 640 };
const box = (left: number, top: number) => ({ left, top, right: left + 80, bottom: top + 32 });

describe("a panel without a style sheet that places it", () => {
  it("lies under its button, from the same edge", () => {
    expect(placeUnder(box(20, 50), { width: 200, height: 300 }, "start", SCREEN)).toEqual({ left: 20, top: 82 });
    expect(placeUnder(box(260, 50), { width: 200, height: 300 }, "end", SCREEN)).toEqual({ left: 140, top: 82 });
  });

  it("stays on the screen", () => {
    expect(placeUnder(box(270, 50), { width: 200, height: 300 }, "start", SCREEN).left).toBe(152);
    expect(placeUnder(box(10, 50), { width: 200, height: 300 }, "end", SCREEN).left).toBe(8);
  });

  it("lies above where there is more room", () => {
    expect(placeUnder(box(20, 500), { width: 200, height: 300 }, "start", SCREEN).top).toBe(192);
    expect(placeUnder(box(20, 250), { width: 200, height: 500 }, "start", SCREEN).top).toBe(282);
  });
});
