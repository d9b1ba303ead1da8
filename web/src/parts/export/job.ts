// An export that a worker makes: what it is, over GraphQL and over REST, and how far, in words.

import { formatDuration } from "../../figures/durations";
import { formatCount, formatShare } from "../../figures/numbers";
import type { ExportState, JobFragment } from "../../graphql/graphql";

export type JobState = Lowercase<ExportState>;

export type Job = Omit<JobFragment, "state" | " $fragmentName"> & { readonly state: JobState };

/** What GraphQL says of an export; the REST route says it in these words. */
export const jobOf = (job: JobFragment): Job => ({ ...job, state: job.state.toLowerCase() as JobState });

export const isUnderway = ({ state }: Job): boolean => state === "queued" || state === "running";

/** 812 bytes, 4.2 MB. */
export function formatBytes(bytes: number): string {
  const [unit, size] = UNITS.find(([, one]) => bytes >= one) ?? [null, 1];
  return unit === null ? `${formatCount(bytes)} bytes` : new Intl.NumberFormat(undefined, { style: "unit", unit, maximumFractionDigits: 1 }).format(bytes / size);
}

const UNITS = [
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
] as const;

/** 41,000 of 164,000 rows, 25 %, about 12 s left. */
export function describeJob({ state, progress, error, bytes }: Job): string {
  if (state === "queued") return "Waits for a worker";
  if (state === "done") return `Ready, ${formatBytes(bytes ?? 0)}`;
  if (state === "failed") return error?.message ?? "Failed";
  if (state === "cancelled") return "Cancelled";
  const { rows, total, share, remainingSeconds } = progress;
  if (total === null) return `${formatCount(rows)} rows so far`;
  const parts = [`${formatCount(rows)} of ${formatCount(total)} rows`];
  if (share !== null) parts.push(formatShare(share));
  if (remainingSeconds !== null) parts.push(`about ${formatDuration(remainingSeconds)} left`);
  return parts.join(", ");
}
