import { describe, expect, test } from "vitest";

import { DEFAULT_SLICE } from "../src/filters/slice";
import { usualWish } from "../src/parts/export/formats";
import { addressesIn, draftOf, fileOf, newDraft, offered, rewritten, switched, timingOf, toldOf, type Planned } from "../src/schedules/draft";
import { freshOf } from "../src/schedules/fresh";
import { describeCadence, describeDelivery, describeDue, describeState, type DeliveryOf } from "../src/schedules/words";

const WISH = usualWish("en-GB");
const PLANNED: Planned = {
  id: "s",
  report: { id: "r", name: "Open" },
  format: "csv",
  cadence: "MONTHLY",
  weekday: null,
  monthDay: null,
  time: "07:30",
  timezone: "America/New_York",
  emails: [],
  folder: "board",
  active: true,
  state: "ACTIVE",
  nextDueAt: "2026-11-30T12:30:00+00:00",
  deliveries: [],
};
const DELIVERY: DeliveryOf = {
  id: "d",
  dueAt: "2026-10-31T11:30:00+00:00",
  state: "WAITING",
  attempts: 2,
  nextAttemptAt: "2026-10-31T11:35:00+00:00",
  error: { code: "UNAVAILABLE", message: "The mail server did not take it." },
  bytes: null,
  fileName: null,
  deliveredAt: null,
};

describe("a draft", () => {
  test("names a day only where the cadence has one", () => {
    const draft = { ...newDraft("UTC", WISH), weekday: "FRIDAY", monthDay: 3 } as const;

    expect(timingOf({ ...draft, cadence: "DAILY" })).toMatchObject({ weekday: null, monthDay: null });
    expect(timingOf({ ...draft, cadence: "WEEKLY" })).toMatchObject({ weekday: "FRIDAY", monthDay: null });
    expect(timingOf({ ...draft, cadence: "MONTHLY" })).toMatchObject({ weekday: null, monthDay: 3 });
  });

  test("has one destination", () => {
    const draft = { ...newDraft("UTC", WISH), emails: "a@x.org, b@x.org\nc@x.org", folder: " board " };

    expect(toldOf(draft, true)).toMatchObject({ emails: ["a@x.org", "b@x.org", "c@x.org"], folder: null });
    expect(toldOf({ ...draft, way: "folder" }, true)).toMatchObject({ emails: null, folder: "board" });
    expect(addressesIn(" ")).toEqual([]);
  });

  test("of a schedule tells the gateway the same again", () => {
    const { id: _, report: __, ...told } = switched(PLANNED, true);

    expect(toldOf(draftOf(PLANNED, { ...WISH, format: "csv" }), true)).toEqual(told);
    expect(switched(PLANNED, false)).toMatchObject({ id: "s", report: "r", active: false, folder: "board", emails: null });
  });
});

describe("an order that is kept", () => {
  const csv = { report: "summary", format: "csv", bom: true, separator: "locale", locale: "de-DE" };

  test("is written anew only where its CSV is to be another", () => {
    const same = fileOf(csv, WISH);

    expect(same).toMatchObject({ format: "csv", bom: true, separator: "locale" });
    expect(rewritten(csv, same, "de-DE")).toBeNull();
    expect(rewritten(csv, { ...same, format: "pdf" }, "de-DE")).toBeNull();
    expect(rewritten(csv, { ...same, bom: false }, "de-DE")).toEqual({ ...csv, bom: false });
    expect(rewritten({ report: "summary", format: "xlsx" }, same, "de-DE")).toEqual(csv);
  });

  test("is saved with the address that shows it", () => {
    const order = { report: "performance", slice: { ...DEFAULT_SLICE, filter: { agent: ["A-7"] } } } as const;

    expect(freshOf(order, "/performance", "agent=A-7&clock=business")).toMatchObject({ page: "PERFORMANCE", query: "agent=A-7&clock=business" });
    expect(freshOf(order, "/agents/A-7", "")).toMatchObject({ page: "PERFORMANCE", query: "agent=A-7" });
  });
});

describe("in words", () => {
  test("a cadence", () => {
    const when = { weekday: null, monthDay: null, time: "07:30", timezone: "America/New_York" } as const;

    expect(describeCadence({ ...when, cadence: "DAILY" })).toBe("Every day at 07:30, America/New York");
    expect(describeCadence({ ...when, cadence: "WEEKLY", weekday: "SUNDAY" })).toBe("Every Sunday at 07:30, America/New York");
    expect(describeCadence({ ...when, cadence: "MONTHLY" })).toBe("On the last day of every month at 07:30, America/New York");
    expect(describeCadence({ ...when, cadence: "MONTHLY", monthDay: 15 })).toBe("On day 15 of every month at 07:30, America/New York");
  });

  test("an instant in its zone, and in the reader's where that is another", () => {
    expect(describeDue("2026-11-30T12:30:00Z", "America/New_York", "Europe/Berlin")).toBe("Mon 30 Nov 2026, 07:30 (Mon 30 Nov 2026, 13:30 where you are)");
    expect(describeDue("2026-11-30T12:30:00Z", "Europe/Berlin", "Europe/Paris")).toBe("Mon 30 Nov 2026, 13:30");
  });

  test("where a schedule stands", () => {
    expect(describeState(PLANNED, "America/New_York")).toBe("Next on Mon 30 Nov 2026, 07:30");
    expect(describeState({ ...PLANNED, state: "INACTIVE", nextDueAt: null }, "UTC")).toBe("Paused");
    expect(describeState({ ...PLANNED, state: "PAUSED" }, "America/New_York")).toContain("while you were away");
  });

  test.each([
    [{}, "Tried 2 times: The mail server did not take it. Again at 31 Oct 2026, 07:35"],
    [{ attempts: 0, error: null }, "Due"],
    [{ state: "RUNNING" }, "Being delivered"],
    [{ state: "SENDING", error: null }, "Being handed to the mail server"],
    [{ state: "UNCERTAIN" }, "May have arrived or not: The mail server did not take it."],
    [{ state: "DELIVERED", error: null, fileName: "a.csv", bytes: 2048 }, "Delivered: a.csv, 2 kB"],
    [{ state: "REFUSED", attempts: 1 }, "Refused: The mail server did not take it."],
    [{ state: "FAILED", attempts: 1 }, "Failed, tried once: The mail server did not take it."],
  ] as const)("a delivery: %o", (changed, words) => {
    expect(describeDelivery({ ...DELIVERY, ...changed }, "America/New_York")).toBe(words);
  });
});

test("what the settings leave out is not offered", () => {
  expect([...offered({ mailDomains: ["x.org"], hasFolders: false })]).toEqual(["emails"]);
  expect([...offered({ mailDomains: [], hasFolders: true })]).toEqual(["folder"]);
  expect(offered({ mailDomains: [], hasFolders: false }).size).toBe(0);
});
