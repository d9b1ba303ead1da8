// Buckets of durations, all drawn equally wide.

export interface Bucket {
  readonly from: number;
  readonly to: number | null;
  readonly count: number;
  readonly share: number | null;
}

/** Where a duration lies among the buckets, from 0 to 1; within a bucket by its logarithm. */
export function placeOf(seconds: number, buckets: readonly Bucket[]): number {
  const at = buckets.findLastIndex((bucket) => bucket.from <= seconds);
  const bucket = buckets[at];
  if (!bucket) return 0;
  return (at + within(seconds, bucket)) / buckets.length;
}

function within(seconds: number, { from, to }: Bucket): number {
  if (from === 0) return seconds / (to ?? Math.max(1, 2 * seconds));
  // The last bucket has no end: it is drawn as if it went up to eight times its start.
  return Math.min(1, Math.log(seconds / from) / Math.log((to ?? from * 8) / from));
}
