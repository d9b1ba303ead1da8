import { useEffect, useId, useRef, useState, type ReactNode } from "react";

import { isPlacedByStyle, place, type Side } from "./place";
import "./popover.css";

interface Props {
  /** What the button says. */
  readonly face: ReactNode;
  /** What the panel is called. */
  readonly label: string;
  readonly className?: string;
  readonly kind?: "dialog" | "menu";
  readonly side?: Side;
  /** The panel, made when it opens; `close` closes it. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button and the panel that it opens, which lies on top of everything and closes on Esc or a click elsewhere. */
export function Popover({ face, label, className = "", kind = "dialog", side = "start", children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = (): void => panel.current?.hidePopover();

  const put = (): void => {
    if (panel.current && button.current && !isPlacedByStyle()) place(panel.current, button.current, side);
  };

  useEffect(() => {
    if (!isOpen || isPlacedByStyle()) return;
    const follow = (event: Event): void => {
      if (event.target !== panel.current) put();
    };
    addEventListener("scroll", follow, { capture: true, passive: true });
    addEventListener("resize", put);
    return () => {
      removeEventListener("scroll", follow, { capture: true });
      removeEventListener("resize", put);
    };
  }, [isOpen]);

  return (
    <>
      <button ref={button} type="button" className={className} popoverTarget={id} aria-haspopup={kind} aria-expanded={isOpen}>
        {face}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={kind === "dialog" ? "dialog" : undefined}
        aria-label={kind === "dialog" ? label : undefined}
        className={`popover ${side}`}
        onBeforeToggle={(event) => setOpen(event.newState === "open")}
        onToggle={put}
      >
        {isOpen && children(close)}
      </div>
    </>
  );
}
