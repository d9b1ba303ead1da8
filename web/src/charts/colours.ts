// Which colour stands for what, the same on every page. Hues are names of the theme's variables.

export type Hue = `--hue-${"blue" | "orange" | "green" | "vermilion" | "purple" | "sky" | "yellow" | "grey"}`;

const HUES: readonly Hue[] = [
  "--hue-blue",
  "--hue-orange",
  "--hue-green",
  "--hue-vermilion",
  "--hue-purple",
  "--hue-sky",
  "--hue-yellow",
];

/** What is unset, and what is summed up as others. */
export const GREY: Hue = "--hue-grey";

/** The colour of each category; `ids` are all there are, so that no filter and no period changes a colour. */
export function categoryHues(ids: readonly (string | null)[]): ReadonlyMap<string | null, Hue> {
  const ordered = ids.filter((id) => id !== null).toSorted();
  return new Map<string | null, Hue>([[null, GREY], ...ordered.map((id, place) => [id, HUES[place % HUES.length] ?? GREY] as const)]);
}

export const STATUS_HUES: Readonly<Record<string, Hue>> = {
  NEW: "--hue-sky",
  OPEN: "--hue-blue",
  PENDING: "--hue-orange",
  ON_HOLD: "--hue-purple",
  RESOLVED: "--hue-green",
  CLOSED: "--hue-grey",
};

export const PRIORITY_HUES: Readonly<Record<string, Hue>> = {
  low: "--hue-grey",
  normal: "--hue-blue",
  high: "--hue-orange",
  urgent: "--hue-vermilion",
};

/** The colours that volume has: what comes in, what goes out, what is left. */
export const FLOW_HUES = { created: "--hue-blue", resolved: "--hue-green", reopened: "--hue-vermilion", open: "--hue-purple" } as const satisfies Record<string, Hue>;

/** A theme's colour as the canvas takes it, resolved where `element` stands. */
export function resolveHue(element: HTMLElement, name: string): string {
  const before = element.style.color;
  element.style.color = `var(${name})`;
  const colour = getComputedStyle(element).color;
  element.style.color = before;
  return colour;
}
