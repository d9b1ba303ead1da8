import "uplot/dist/uPlot.min.css";

import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";

import { formatBucket } from "../figures/dates";
import { formatValue } from "../figures/values";
import { resolveHue } from "./colours";
import { canBearNames, columnsOf, optionsOf, type Palette } from "./plot_options";
import type { Band, Timeline } from "./timeline";
import { useThemeTurn } from "./use_theme_turn";

interface Props {
  readonly label: string;
  readonly timeline: Timeline;
  readonly height: number;
  readonly onSelect?: (first: number, last: number) => void;
  /** Plots of the same company have one pointer, and one time axis, below the last of them. */
  readonly company?: string;
  readonly hasTimeAxis?: boolean;
}

const MIN_NAMED_WIDTH = 520;
const MIN_DRAG = 6;

/** The plot itself: the pointer or the arrows go from bucket to bucket, a drag or Enter selects. */
export default function Plot({ label, timeline, height, onSelect, company, hasTimeAxis = true }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [at, setAt] = useState<number | null>(null);
  const turn = useThemeTurn();
  const select = useEffectEvent((first: number, last: number) => onSelect?.(first, last));

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const made = draw(element, timeline, { height, company, hasTimeAxis }, setAt, select);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      setAt(null);
    };
  }, [timeline, height, company, hasTimeAxis, turn]);

  const go = (place: number): void => {
    const next = Math.max(0, Math.min(timeline.starts.length - 1, place));
    plot.current?.setCursor({ left: plot.current.valToPos(next, "x"), top: 0 });
    setAt(next);
  };
  const press = (event: KeyboardEvent): void => {
    const last = timeline.starts.length - 1;
    const target = { ArrowLeft: (at ?? last + 1) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: last }[event.key];
    if (target !== undefined) go(target);
    else if (event.key === "Enter" && at !== null) onSelect?.(at, at);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <Legend timeline={timeline} />
      <div
        ref={root}
        className="plot"
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, timeline.starts.length - 1)}
        aria-valuenow={at ?? 0}
        aria-valuetext={at === null ? "Arrows go from bucket to bucket" : describe(timeline, at)}
        onKeyDown={press}
        onBlur={() => setAt(null)}
      >
        {at !== null && <Tip timeline={timeline} at={at} plot={plot.current} />}
      </div>
    </>
  );
}

interface Frame {
  readonly height: number;
  readonly company?: string;
  readonly hasTimeAxis: boolean;
}

function draw(element: HTMLDivElement, timeline: Timeline, { height, company, hasTimeAxis }: Frame, show: (at: number | null) => void, select: (first: number, last: number) => void): uPlot {
  const width = element.clientWidth;
  const options = optionsOf(timeline, paletteOf(element), { width, height, hasTimeAxis }, width >= MIN_NAMED_WIDTH && canBearNames(timeline) && !company);
  const places = timeline.starts.length;
  const within = (place: number): number => Math.max(0, Math.min(places - 1, Math.round(place)));
  const hooks: uPlot.Hooks.Arrays = {
    ...(options.hooks as uPlot.Hooks.Arrays),
    setCursor: [(one) => show(one.cursor.idx ?? null)],
    setSelect: [
      (one) => {
        const { left, width: dragged } = one.select;
        if (dragged >= MIN_DRAG) select(within(one.posToVal(left, "x")), within(one.posToVal(left + dragged, "x")));
        if (dragged > 0) one.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      },
    ],
  };
  const cursor = { ...options.cursor, ...(company && { sync: { key: company, filters: { pub: isMove } } }) };
  return new uPlot({ ...options, cursor, hooks }, columnsOf(timeline), element);
}

const isMove = (type: string): boolean => type === "mousemove" || type === "mouseleave";

function paletteOf(element: HTMLElement): Palette {
  const kept = new Map<string, string>();
  const hue = (name: string): string => {
    const colour = kept.get(name) ?? resolveHue(element, name);
    kept.set(name, colour);
    return colour;
  };
  return { hue, text: hue("--text"), quiet: hue("--quiet"), grid: hue("--grid"), font: `12px ${getComputedStyle(element).fontFamily}` };
}

/** The lines that have something to say of a bucket: where anything is known, what is not is left out. */
const linesAt = ({ lines }: Timeline, at: number): Timeline["lines"] => {
  const hasExpected = lines.some((line) => line.isExpected);
  return hasExpected ? lines.filter((line) => line.values[at] != null) : lines;
};

const bandsAt = ({ bands = [] }: Timeline, at: number): readonly Band[] => bands.filter(({ low, high }) => low[at] != null && high[at] != null);

const rangeText = ({ low, high }: Band, at: number, unit: Timeline["unit"]): string => `${formatValue(low[at], unit)} – ${formatValue(high[at], unit)}`;

const describe = (timeline: Timeline, at: number): string => {
  const values = linesAt(timeline, at).map((line) => `${line.label} ${formatValue(line.values[at], timeline.unit)}`);
  const ranges = bandsAt(timeline, at).map((band) => `${band.label} ${rangeText(band, at, timeline.unit)}`);
  const mark = timeline.marks?.find((one) => one.at === at);
  const said = [...values, ...ranges].join(", ") + (mark ? `. ${mark.text}` : "");
  return `${formatBucket(timeline.starts[at] ?? "", timeline.grain, timeline.zone)}: ${said}`;
};

/** Which colour is which line, where there is more than one. */
function Legend({ timeline }: { timeline: Timeline }) {
  const { lines, bands = [], marks = [] } = timeline;
  if (lines.length < 2) return null;
  const isNamed = canBearNames(timeline);
  return (
    <ul className="plot-legend" aria-hidden="true">
      {lines.map((line) => (
        <li key={line.label} className={line.isComparison || !isNamed ? undefined : "named"}>
          <Swatch hue={line.hue} isThin={line.isComparison} isDotted={line.isExpected} />
          {line.label}
        </li>
      ))}
      {bands.map((band) => (
        <li key={band.label}>
          <span className="swatch-band" style={{ background: `var(${band.hue})` }} />
          {band.label}
        </li>
      ))}
      {marks.length > 0 && (
        <li>
          <span className="swatch-ring" />
          Stands out
        </li>
      )}
    </ul>
  );
}

function Swatch({ hue, isThin = false, isDotted = false }: { hue: string; isThin?: boolean; isDotted?: boolean }) {
  return <span className={`swatch${isThin ? " thin" : ""}${isDotted ? " dotted" : ""}`} style={{ background: `var(${hue})` }} />;
}

function Tip({ timeline, at, plot }: { timeline: Timeline; at: number; plot: uPlot | null }) {
  const { starts, unit, grain, zone, isPartial, marks = [] } = timeline;
  const left = plot ? plot.valToPos(at, "x") + plot.bbox.left / devicePixelRatio : 0;
  const isLate = plot !== null && left > plot.width / 2;
  const mark = marks.find((one) => one.at === at);
  return (
    <div className="tip" style={isLate && plot ? { right: plot.width - left + 12 } : { left: left + 12 }}>
      <p>
        {formatBucket(starts[at] ?? "", grain, zone)}
        {isPartial[at] && ", still running"}
      </p>
      <dl>
        {linesAt(timeline, at).map((line) => (
          <div key={line.label}>
            <Swatch hue={line.hue} isThin={line.isComparison} isDotted={line.isExpected} />
            <dt>{line.label}</dt>
            <dd>{formatValue(line.values[at], unit)}</dd>
          </div>
        ))}
        {bandsAt(timeline, at).map((band) => (
          <div key={band.label}>
            <span className="swatch-band" style={{ background: `var(${band.hue})` }} />
            <dt>{band.label}</dt>
            <dd>{rangeText(band, at, unit)}</dd>
          </div>
        ))}
      </dl>
      {mark && <p className="mark">{mark.text}</p>}
    </div>
  );
}
