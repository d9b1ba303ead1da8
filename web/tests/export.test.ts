import { beforeEach, describe, expect, it } from "vitest";

import { kindOf } from "../src/api/faults";
import { parseSlice } from "../src/filters/slice";
import { exportedOf as agentsExported } from "../src/pages/agents/view";
import { parseChoice } from "../src/pages/explore/choice";
import { questionOf } from "../src/pages/explore/document";
import { exportedOf as exploreExported } from "../src/pages/explore/exported";
import { parseNumber } from "../src/pages/tickets/number";
import { exportedOf as ticketsExported } from "../src/pages/tickets/view";
import { exportedBy } from "../src/pages/trends/view";
import { FORMAT_NAMES, keepWish, readWish, usualWish, type FileWish } from "../src/parts/export/formats";
import { describeJob, formatBytes, jobOf } from "../src/parts/export/job";
import { bodyOf, canExport, type ExportMembers } from "../src/parts/export/order";
import { failureOf, helpsInBackground, refusalOf } from "../src/parts/export/refusals";
import { fileName } from "../src/parts/export/transfer";

const AUGUST = "since=2026-08-01&until=2026-09-01";
const NOW = new Date("2026-10-01T12:00:00Z");
const XLSX: FileWish = { format: "xlsx", separator: ",", bom: true, inBackground: false };
const CSV: FileWish = { ...XLSX, format: "csv" };

describe("an order", () => {
  it("has the parameters of the address", () => {
    const slice = parseSlice("since=2026-03-01&until=2026-04-01&category=billing&category=none");

    expect(bodyOf({ report: "summary", slice }, XLSX, "en-GB")).toEqual({
      report: "summary",
      format: "xlsx",
      locale: "en-GB",
      since: "2026-03-01",
      until: "2026-04-01",
      timezone: "UTC",
      compareTo: "previous_period",
      attribution: "event",
      clock: "calendar",
      category: ["billing", "none"],
    });
  });

  it("says of a CSV alone how it is written", () => {
    const order = { report: "summary", slice: parseSlice("") } as const;

    expect(bodyOf(order, { ...CSV, separator: "locale", bom: false }, "de-CH")).toMatchObject({ format: "csv", locale: "de-CH", separator: "locale", bom: false });
    for (const format of FORMAT_NAMES.filter((name) => name !== "csv")) {
      expect(Object.keys(bodyOf(order, { ...XLSX, format }))).not.toEqual(expect.arrayContaining([expect.stringMatching(/bom|separator/)]));
    }
  });

  it("of Agents is in the order of the table, of what its search finds", () => {
    const order = { name: "openTickets", isDescending: true };

    expect(agentsExported({ order, search: "an" }).members).toEqual({ sort: "-openTickets", search: "an" });
    expect(agentsExported({ order, search: null }).members).toEqual({ sort: "-openTickets" });
  });

  it("of Trends has its grain", () => {
    expect(exportedBy("week").members).toEqual({ grain: "week" });
  });

  it.each<[string, string, ExportMembers]>([
    ["", "-at", { metric: "ticketsCreated", sort: "-at" }],
    ["metric=avgResponseTime&bucket=86400-", "duration", { metric: "avgResponseTime", bucket: "86400-", sort: "duration" }],
    ["metric=resolutionRate&of=open_breached", "-createdAt", { metric: "resolutionRate", of: "open_breached", sort: "-created_at" }],
    ["metric=csatScore&score=5", "score", { metric: "csatScore", score: "5", sort: "score" }],
    ["metric=ticketsCreated&weekdayHour=0-9", "priority", { metric: "ticketsCreated", weekdayHour: "0-9", sort: "priority" }],
    ["metric=openTickets&score=5", "-at", { metric: "openTickets", sort: "-at" }],
  ])("of Tickets at %s in the order %s is of the same number", (query, sort, members) => {
    const order = { name: sort.replace("-", ""), isDescending: sort.startsWith("-") };

    expect(ticketsExported({ number: parseNumber(new URLSearchParams(query)), order }, "").members).toEqual(members);
  });

  it.each<[string, ExportMembers]>([
    ["", { metrics: ["ticketsCreated"], by: ["time"], grain: "day" }],
    ["metric=reopens&metric=avgResponseTime.p90&by=category", { metrics: ["reopens", "avgResponseTime.p90"], by: ["category"], sort: "-reopens" }],
    ["metric=avgResponseTime.p90&by=agent&sort=agent", { metrics: ["avgResponseTime.p90"], by: ["agent"], sort: "agent" }],
    ["by=category&by=time&grain=week&sort=-ticketsCreated&view=table", { metrics: ["ticketsCreated"], by: ["category", "time"], grain: "week", sort: "-ticketsCreated" }],
    ["by=tag&having=ticketsCreated:20-40&having=reopens:-0.0000005", { metrics: ["ticketsCreated"], by: ["tag"], having: ["ticketsCreated>=20", "ticketsCreated<=40", "reopens<=0.0000005"], sort: "-ticketsCreated" }],
    ["by=category&by=priority&view=heatmap&sort=-ticketsCreated", { metrics: ["ticketsCreated"], by: ["category", "priority"] }],
  ])("of Explore at %s has the same columns, groups, bounds and order", (query, members) => {
    const choice = parseChoice(query, new Set(["ticketsCreated", "reopens", "avgResponseTime", "avgResponseTime.p90"]));

    expect(exploreExported(choice, questionOf(choice, parseSlice(AUGUST), NOW), "").members).toEqual(members);
  });

  it("is for who may export, and read the report", () => {
    const may = (...all: string[]) => (capability: string) => all.includes(capability);

    expect(canExport(may("reports:export:create", "tickets:detail:read"), "tickets")).toBe(true);
    expect(canExport(may("reports:export:create", "tickets:detail:read"), "breakdown")).toBe(false);
    expect(canExport(may("tickets:detail:read"), "tickets")).toBe(false);
  });
});

describe("how a file is wished", () => {
  beforeEach(() => sessionStorage.clear());

  it.each([
    ["en-GB", ","],
    ["ja", ","],
    ["de-DE", "locale"],
    ["fr", "locale"],
    ["de-CH", ","],
  ])("follows how %s writes decimals", (locale, separator) => {
    expect(usualWish(locale).separator).toBe(separator);
  });

  it("is as the tab had it last, but for the background", () => {
    keepWish({ format: "parquet", separator: "locale", bom: false, inBackground: true });

    expect(readWish()).toEqual({ format: "parquet", separator: "locale", bom: false, inBackground: false });
  });
});

describe("a job", () => {
  const job = jobOf({
    id: "1",
    report: "tickets",
    format: "csv",
    state: "RUNNING",
    progress: { rows: 41_000, total: 164_000, share: 0.25, remainingSeconds: 12 },
    error: null,
    fileName: null,
    bytes: null,
    createdAt: "2026-03-01T09:00:00Z",
    resultUrl: null,
  });

  it("says how far it is, as far as that is known", () => {
    expect(describeJob(job)).toBe("41,000 of 164,000 rows, 25.0%, about 12 s left");
    expect(describeJob({ ...job, progress: { rows: 7, total: null, share: null, remainingSeconds: null } })).toBe("7 rows so far");
    expect(describeJob({ ...job, state: "queued" })).toBe("Waits for a worker");
    expect(describeJob({ ...job, state: "done", bytes: 4_200_000 })).toBe("Ready, 4.2 MB");
    expect(describeJob({ ...job, state: "failed", error: { code: "INTERNAL", message: "The disk is full." } })).toBe("The disk is full.");
  });

  it.each([
    [812, "812 bytes"],
    [1_500, "1.5 kB"],
    [2_000_000_000, "2 GB"],
  ])("of %d bytes has %s", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe("a file", () => {
  it.each([
    ['attachment; filename="summary.csv"', "summary.csv"],
    ["attachment; filename=\"s.csv\"; filename*=UTF-8''%C3%BCbersicht.csv", "übersicht.csv"],
    [null, null],
  ])("has the name that %s gives", (header, name) => {
    expect(fileName(header)).toBe(name);
  });
});

describe("a refusal", () => {
  it("is known by its code, else by its status", () => {
    expect(kindOf("QUERY_TOO_COMPLEX", 400)).toBe("QUERY_TOO_COMPLEX");
    expect(kindOf(undefined, 413)).toBe("CONTENT_TOO_LARGE");
    expect(kindOf("NEVER_HEARD_OF", 507)).toBe("INTERNAL");
  });

  it("is told otherwise of what was waited for than of what a worker was to make", () => {
    expect(refusalOf("UNAVAILABLE")?.title).toBe("The gateway cannot make the file now");
    expect(failureOf("UNAVAILABLE")?.title).toBe("The worker could not keep the file");
    expect(failureOf("BAD_USER_INPUT")).toBe(refusalOf("BAD_USER_INPUT"));
    expect(refusalOf("INTERNAL")).toBeUndefined();
  });

  it("leads to a worker only where one may succeed", () => {
    expect(helpsInBackground("TIMEOUT")).toBe(true);
    expect(helpsInBackground("CONTENT_TOO_LARGE")).toBe(false);
    expect(helpsInBackground("BAD_USER_INPUT")).toBe(false);
  });
});
