// What a number and an instant are to readers of other languages: each module reads them once, when it is loaded.

import { beforeEach, describe, expect, it, vi } from "vitest";

const LATIN = /[0-9]/;

async function readBy(language: string) {
  Object.defineProperty(navigator, "languages", { value: [language], configurable: true });
  vi.resetModules();
  return {
    ...(await import("../src/figures/numbers")),
    ...(await import("../src/figures/durations")),
    ...(await import("../src/figures/dates")),
  };
}

describe("a reader", () => {
  beforeEach(() => void vi.resetModules());

  it.each([
    ["en-US", "12,345", "76.7%", "2 h 14 min", "Mar 1, 2026, 2:05 PM", "9:00 AM", "12:00 AM"],
    ["de-DE", "12.345", "76,7 %", "2 h 14 min", "01.03.2026, 14:05", "09:00", "24:00"],
    ["fr-FR", "12 345", "76,7 %", "2 h 14 min", "1 mars 2026, 14:05", "09:00", "24:00"],
  ])("of %s has its numbers, instants and hours", async (language, count, share, duration, instant, morning, midnight) => {
    const { formatCount, formatShare, formatDuration, formatInstant, formatHour } = await readBy(language);
    const spaced = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, " ");

    expect(spaced(formatCount(12_345))).toBe(count);
    expect(spaced(formatShare(0.767))).toBe(share);
    expect(formatDuration(8_040)).toBe(duration);
    expect(spaced(formatInstant("2026-03-01T14:05:00Z", "UTC"))).toBe(instant);
    expect(spaced(formatHour(9))).toBe(morning);
    expect(spaced(formatHour(24))).toBe(midnight);
  });

  it("of ar-EG meets no digits of another script", async () => {
    const { formatCount, formatDuration, formatEdge, formatInstant, formatBucket, formatHour } = await readBy("ar-EG");
    const shown = [
      formatCount(12_345),
      ...[45, 720, 8_040, 183_600].map(formatDuration),
      formatEdge(5_400),
      formatInstant("2026-03-01T14:05:00Z", "UTC"),
      ...["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"].map((grain) => formatBucket("2026-03-01", grain, "UTC")),
      formatHour(9),
    ];

    expect(shown.filter((text) => LATIN.test(text))).toEqual([]);
  });
});
