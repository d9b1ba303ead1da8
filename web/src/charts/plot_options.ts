// A timeline as uPlot takes it.

import type uPlot from "uplot";

import { formOf } from "../figures/values";
import { ticksOf, spread } from "./ticks";
import type { Line, Timeline } from "./timeline";

/** The colours of the place where the plot stands. */
export interface Palette {
  readonly hue: (name: string) => string;
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly font: string;
}

type Column = (number | null)[];

/** The line up to its last complete bucket, and the rest of it from there on. */
export function split(values: readonly (number | null)[], isPartial: readonly boolean[]): readonly [Column, Column] {
  const running = isPartial.indexOf(true);
  if (running < 0) return [[...values], values.map(() => null)];
  return [values.map((value, at) => (at < running ? value : null)), values.map((value, at) => (at >= running - 1 ? value : null))];
}

/** Lines as they are drawn: comparisons first, behind the others. */
export const drawn = (lines: readonly Line[]): readonly Line[] => lines.toSorted((one, other) => Number(other.isComparison ?? false) - Number(one.isComparison ?? false));

/** The columns of a plot: places, then two for each line, two for each band. */
export function columnsOf({ starts, isPartial, lines, bands = [] }: Timeline): uPlot.AlignedData {
  const places = starts.map((_, at) => at);
  const columns = drawn(lines).flatMap((line) => (line.isComparison || line.isExpected ? [[...line.values], line.values.map(() => null)] : split(line.values, isPartial)));
  return [places, ...columns, ...bands.flatMap(({ low, high }) => [[...high], [...low]])];
}

/** Whether the lines can bear their names: not where some end before what is expected. */
export const canBearNames = ({ lines }: Timeline): boolean => !lines.some((line) => line.isExpected);

interface Size {
  readonly width: number;
  readonly height: number;
  readonly hasTimeAxis: boolean;
}

const LOW_HEIGHT = 160;

/** What has no halves on its axis. */
const COUNTED: ReadonlySet<Timeline["unit"]> = new Set(["TICKETS", "EVENTS"]);
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 2.5, 5].map((step) => step * 10 ** power)).flat().filter(Number.isInteger);

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** As clocks and calendars are cut. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE), ...[1, 2, 3, 6, 12].map((count) => count * HOUR), ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((count) => count * DAY)];

/** How far apart the marks of a scale may be; undefined: as the plot likes. */
function stepsOf(unit: Timeline["unit"], fromZero: boolean): number[] | undefined {
  if (unit === "SECONDS") return TIME_STEPS;
  return fromZero && COUNTED.has(unit) ? WHOLE_STEPS : undefined;
}

/** What is the same for every size: series, axes, scales. */
export function optionsOf(timeline: Timeline, palette: Palette, { hasTimeAxis, ...size }: Size, names: boolean): uPlot.Options {
  const { starts, grain, unit, lines, bands = [], fromZero } = timeline;
  const axisText = formOf(unit).axis;
  const axis = { stroke: palette.quiet, font: palette.font, ticks: { show: false } };
  const labelWidth = names ? 12 + Math.max(0, ...lines.filter((line) => !line.isComparison).map((line) => line.label.length)) * 7 : 8;
  return {
    ...size,
    // Half of the lowest label of the values lies below them.
    padding: [8, labelWidth, hasTimeAxis ? 0 : 8, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: {
      x: { time: false, range: [-0.3, Math.max(starts.length - 0.7, 0.3)] },
      y: { range: (_, low, high) => rangeOf(low, high, fromZero, unit) },
    },
    axes: [
      {
        ...axis,
        show: hasTimeAxis,
        grid: { show: false },
        gap: 8,
        size: 28,
        splits: (plot) => ticksOf(starts, grain, Math.max(2, Math.floor(plot.width / 76))).map((tick) => tick.at),
        values: (plot) => ticksOf(starts, grain, Math.max(2, Math.floor(plot.width / 76))).map((tick) => tick.label),
      },
      { ...axis, grid: { stroke: palette.grid, width: 1 }, gap: 6, size: 52, space: size.height < LOW_HEIGHT ? 20 : 44, incrs: stepsOf(unit, fromZero), values: (_, splits) => splits.map((value) => axisText(value)) },
    ],
    series: [{}, ...drawn(lines).flatMap((line) => seriesOf(line, palette)), ...bands.flatMap(() => [{ stroke: "transparent", points: { show: false } }, { stroke: "transparent", points: { show: false } }])],
    bands: bands.map((band, at) => {
      const high = 1 + lines.length * 2 + at * 2;
      return { series: [high, high + 1], fill: translucent(palette.hue(band.hue)) };
    }),
    hooks: { draw: [(plot) => ringMarks(plot, timeline, palette), ...(names ? [(plot: uPlot) => writeNames(plot, timeline, palette)] : [])] },
  };
}

function rangeOf(low: number, high: number, fromZero: boolean, unit: Timeline["unit"]): [number, number] {
  if (low === null || high === null) return [0, 1];
  const ceiling = unit === "RATIO" ? Math.min(1, high + (high - low) * 0.1 + 0.01) : high * 1.06 || 1;
  if (fromZero) return [0, ceiling];
  const margin = (high - low) * 0.15 || high * 0.05 || 1;
  return [low < 0 ? low - margin : Math.max(0, low - margin), unit === "RATIO" ? ceiling : high + margin];
}

function seriesOf(line: Line, palette: Palette): uPlot.Series[] {
  const stroke = line.isComparison ? translucent(palette.hue(line.hue), 0.55) : palette.hue(line.hue);
  const width = line.isComparison ? 1 : 2;
  return [
    { label: line.label, stroke, width, dash: line.isExpected ? [2, 3] : undefined, points: { show: true, size: 5, fill: stroke, filter: (plot, at) => lonely(plot.data[at] ?? []) } },
    { label: line.label, stroke, width, dash: [4, 4], points: { show: false } },
  ];
}

/** Places whose neighbours are unknown: no line goes through them. */
export const lonely = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values).flatMap((value, at) => (value != null && values[at - 1] == null && values[at + 1] == null ? [at] : []));

const translucent = (colour: string, alpha = 0.18): string => `color-mix(in srgb, ${colour} ${alpha * 100}%, transparent)`;

/** A ring around each point that something is said about. */
function ringMarks(plot: uPlot, { marks = [] }: Timeline, palette: Palette): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 1.75 * ratio;
  ctx.strokeStyle = palette.text;
  ctx.setLineDash([]);
  for (const { at, value } of marks) {
    ctx.beginPath();
    ctx.arc(plot.valToPos(at, "x", true), plot.valToPos(value, "y", true), 5 * ratio, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}

/** Each line's name beside its end, moved apart where they would touch. */
function writeNames(plot: uPlot, { lines }: Timeline, palette: Palette): void {
  const named = lines.filter((line) => !line.isComparison).flatMap((line) => {
    const last = line.values.findLastIndex((value) => value !== null);
    const value = line.values[last];
    return value == null ? [] : [{ line, y: plot.valToPos(value, "y", true), x: plot.valToPos(last, "x", true) }];
  });
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const heights = spread(named.map(({ y }) => y), 15 * ratio, bbox.top, bbox.top + bbox.height);
  ctx.save();
  ctx.font = palette.font.replace(/([\d.]+)px/, (_, size: string) => `${Number(size) * ratio}px`);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  named.forEach(({ line }, at) => {
    ctx.fillStyle = palette.hue(line.hue);
    ctx.fillText(line.label, bbox.left + bbox.width + 6 * ratio, heights[at] ?? 0);
  });
  ctx.restore();
}
