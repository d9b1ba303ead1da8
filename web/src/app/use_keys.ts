import { useEffect, useEffectEvent, useRef } from "react";
import { useLocation } from "wouter";

import { withQuery } from "../filters/use_slice";
import { SITES } from "./sites";

interface Targets {
  readonly onList: () => void;
  readonly onFilter: () => void;
  readonly query: string;
}

const PATIENCE_MS = 1_200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));

/** Listens for the keys that work everywhere: ? and / and g followed by a page's letter. */
export function useKeys({ onList, onFilter, query }: Targets): void {
  const [, navigate] = useLocation();
  const gone = useRef(0);

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const follows = Date.now() - gone.current < PATIENCE_MS;
    gone.current = event.key === "g" ? Date.now() : 0;
    const site = follows ? SITES.find((one) => one.letter === event.key) : undefined;
    if (site) navigate(withQuery(site.path, query));
    else if (event.key === "?") onList();
    else if (event.key === "/") onFilter();
    else return;
    event.preventDefault();
  });

  useEffect(() => {
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
