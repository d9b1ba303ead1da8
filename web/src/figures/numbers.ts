// Numbers as people read them, in the reader's locale.

const locale = (): string[] => [...navigator.languages];

const whole = new Intl.NumberFormat(locale());
const oneDecimal = new Intl.NumberFormat(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 });
const exactShare = new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 4 });
const twoDecimals = new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const signed = new Intl.NumberFormat(locale(), { maximumFractionDigits: 0, signDisplay: "exceptZero" });
const compact = new Intl.NumberFormat(locale(), { notation: "compact", maximumFractionDigits: 1 });

/** A count with the locale's grouping: 12,345. */
export const formatCount = (count: number): string => whole.format(count);

/** A count with what it counts, whose name ends in s: 1 ticket, 12 tickets. */
export const formatCounted = (count: number, things: string): string => `${formatCount(count)} ${count === 1 ? things.slice(0, -1) : things}`;

/** A count for an axis: 12K. */
export const formatCompact = (count: number): string => (Math.abs(count) < 10_000 ? whole : compact).format(count);

/** A share with one decimal: 76.7 %. */
export const formatShare = (ratio: number): string => share.format(ratio);

/** A share without decimals, for axes: 75%. */
export const formatPercent = (ratio: number): string => percent.format(ratio);

/** A share to four decimals, for tooltips. */
export const formatExactShare = (ratio: number): string => exactShare.format(ratio);

/** A score such as 3.8. */
export const formatScore = (score: number): string => oneDecimal.format(score);

/** A number of tickets that is expected, and so need not be whole: 41. */
export const formatWhole = (value: number): string => formatCount(Math.round(value));

/** A factor around 1: 0.87. */
export const formatIndex = (value: number): string => twoDecimals.format(value);

/** How much more or less: +12, −8. */
export const formatDifference = (value: number): string => signed.format(value).replace("-", "−");
