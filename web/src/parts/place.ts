// Where a panel lies under its button, in browsers whose style sheets cannot say so.

const MARGIN = 8;

export type Side = "start" | "end";

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The panel's distance from the left and from the top: below its button, above where there is more room, never outside. */
export function placeUnder(button: Box, panel: Size, side: Side, screen: Size): { readonly left: number; readonly top: number } {
  const wanted = side === "start" ? button.left : button.right - panel.width;
  const left = Math.max(MARGIN, Math.min(wanted, screen.width - panel.width - MARGIN));
  const below = screen.height - button.bottom;
  const fitsBelow = panel.height + MARGIN <= below || below >= button.top;
  return { left, top: fitsBelow ? button.bottom : Math.max(0, button.top - panel.height - MARGIN) };
}

/** Whether the style sheet places panels by itself. */
export const isPlacedByStyle = (): boolean => CSS.supports("position-area", "block-end");

/** Puts a panel that is open where it belongs. */
export function place(panel: HTMLElement, button: Element, side: Side): void {
  const { left, top } = placeUnder(button.getBoundingClientRect(), { width: panel.offsetWidth, height: panel.offsetHeight }, side, { width: innerWidth, height: innerHeight });
  panel.style.setProperty("position-area", "none");
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
}
