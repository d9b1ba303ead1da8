// Numbers as people read them, in the reader's locale.

const locale = (): string[] => [...navigator.languages];

const whole = new Intl.NumberFormat(locale());
const oneDecimal = new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const exactShare = new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 4 });
const compact = new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: 1 });

/** A count with the locale's grouping: 12,345. */
export const formatCount = (count: number): string => whole.format(count);

/** A count with what it counts, whose name ends in s: 1 ticket, 12 tickets. */
export const formatCounted = (count: number, things: string): string => `${formatCount(count)} ${count === 1 ? things.slice(0, -1) : things}`;

/** A count for an axis: 12K. */
export const formatCompact = (count: number): string => (Math.abs(count) < 10_000 ? whole : compact).format(count);

/** A share with one decimal: 76.7 %. */
export const formatShare = (ratio: number): string => share.format(ratio);

/** A share to four decimals, for tooltips. */
export const formatExactShare = (ratio: number): string => exactShare.format(ratio);

/** A score such as 3.8. */
export const formatScore = (score: number): string => oneDecimal.format(score);
