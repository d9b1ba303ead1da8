// What a report can show in a column: a metric, or a number that stands beside one, such as a median.

import type { MetricInfo } from "../../session/session";
import type { Value, Values } from "./answer";

/** A column is told as a metric is; its name is metric, or metric.detail. */
export interface ReportColumn extends Omit<MetricInfo, "details"> {
  /** The metric that it is, or stands beside. */
  readonly metric: string;
  readonly detail: string | null;
}

/** withinTarget as within target. */
const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The columns of a metric, itself before what stands beside it. */
export function columnsOf({ details, ...metric }: MetricInfo): readonly ReportColumn[] {
  const beside = details.map(({ name, unit, description }): ReportColumn => ({
    ...metric,
    name: `${metric.name}.${name}`,
    label: `${metric.label.replace(/, mean$/, "")}, ${wordsOf(name)}`,
    definition: description,
    unit,
    metric: metric.name,
    detail: name,
  }));
  return [{ ...metric, metric: metric.name, detail: null }, ...beside];
}

/** Whether a column's name is of what stands beside a metric. */
export const isDetail = (name: string): boolean => name.includes(".");

/** The metric that a column's name is of. */
export const metricOf = (name: string): string => name.split(".")[0] ?? name;

/** The number of a column; null where the viewer may not see its metric. */
export function valueOf(values: Values | undefined, { metric, detail }: ReportColumn): Value | null {
  const whole = values?.[metric] ?? null;
  if (whole === null || detail === null) return whole;
  const { count, suppressed, reason } = whole;
  return { value: (whole as unknown as Readonly<Record<string, number | null>>)[detail] ?? null, count, suppressed, reason };
}
