import "uplot/dist/uPlot.min.css";

import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";

import { formatBucket } from "../figures/dates";
import { formOf, formatValue } from "../figures/values";
import { resolveHue } from "./colours";
import { columnsOf, optionsOf, type Palette } from "./plot_options";
import type { Timeline } from "./timeline";
import { useThemeTurn } from "./use_theme_turn";

interface Props {
  readonly label: string;
  readonly timeline: Timeline;
  readonly height: number;
  readonly onSelect?: (first: number, last: number) => void;
}

const MIN_NAMED_WIDTH = 520;
const MIN_DRAG = 6;

/** The plot itself: the pointer or the arrows go from bucket to bucket, a drag or Enter selects. */
export default function Plot({ label, timeline, height, onSelect }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [at, setAt] = useState<number | null>(null);
  const turn = useThemeTurn();
  const select = useEffectEvent((first: number, last: number) => onSelect?.(first, last));

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    const made = draw(element, timeline, height, setAt, select);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      setAt(null);
    };
  }, [timeline, height, turn]);

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

function draw(element: HTMLDivElement, timeline: Timeline, height: number, show: (at: number | null) => void, select: (first: number, last: number) => void): uPlot {
  const width = element.clientWidth;
  const options = optionsOf(timeline, paletteOf(element), { width, height }, width >= MIN_NAMED_WIDTH);
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
  return new uPlot({ ...options, hooks }, columnsOf(timeline), element);
}

function paletteOf(element: HTMLElement): Palette {
  const kept = new Map<string, string>();
  const hue = (name: string): string => {
    const colour = kept.get(name) ?? resolveHue(element, name);
    kept.set(name, colour);
    return colour;
  };
  return { hue, text: hue("--text"), quiet: hue("--quiet"), grid: hue("--grid"), font: `12px ${getComputedStyle(element).fontFamily}` };
}

const describe = (timeline: Timeline, at: number): string => {
  const values = timeline.lines.map((line) => `${line.label} ${formatValue(line.values[at], timeline.unit)}`);
  return `${formatBucket(timeline.starts[at] ?? "", timeline.grain, timeline.zone)}: ${values.join(", ")}`;
};

/** Which colour is which line, where there is more than one. */
function Legend({ timeline: { lines } }: { timeline: Timeline }) {
  if (lines.length < 2) return null;
  return (
    <ul className="plot-legend" aria-hidden="true">
      {lines.map((line) => (
        <li key={line.label} className={line.isComparison ? undefined : "named"}>
          <Swatch hue={line.hue} isThin={line.isComparison} />
          {line.label}
        </li>
      ))}
    </ul>
  );
}

function Swatch({ hue, isThin = false }: { hue: string; isThin?: boolean }) {
  return <span className={isThin ? "swatch thin" : "swatch"} style={{ background: `var(${hue})` }} />;
}

function Tip({ timeline, at, plot }: { timeline: Timeline; at: number; plot: uPlot | null }) {
  const { starts, lines, unit, grain, zone, isPartial, marks = [] } = timeline;
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
        {lines.map((line) => (
          <div key={line.label}>
            <Swatch hue={line.hue} isThin={line.isComparison} />
            <dt>{line.label}</dt>
            <dd>{line.values[at] == null ? "—" : formOf(unit).shown(line.values[at])}</dd>
          </div>
        ))}
      </dl>
      {mark && <p className="mark">{mark.text}</p>}
    </div>
  );
}
