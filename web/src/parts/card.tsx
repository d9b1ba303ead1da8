import { useEffect, useId, useState, type ReactNode } from "react";

import { CardMenu } from "./card_menu";
import { Hint } from "./hint";
import type { Subject } from "./subject";
import "./card.css";

interface Props {
  readonly title: string;
  /** What the title means, on hover and by keyboard. */
  readonly definition?: string;
  readonly subject?: Subject;
  /** A few words beside the title. */
  readonly aside?: ReactNode;
  /** One line of context, at the end. */
  readonly context?: ReactNode;
  /** What a hand can do here; paper does without. */
  readonly advice?: string | false;
  /** How many of the twelve columns it takes on a wide screen. */
  readonly span: 3 | 4 | 6 | 8 | 12;
  readonly children: ReactNode;
}

/** One thing that is shown, with its title, its line of context and its menu. */
export function Card({ title, definition, subject, aside, context, advice, span, children }: Props) {
  const id = useId();
  // Not the heading: it holds what the hint says, too.
  const name = <span id={id}>{title}</span>;
  return (
    <section className={`card span-${span}`} aria-labelledby={id}>
      <header>
        <h2>{definition ? <Hint text={definition}>{name}</Hint> : name}</h2>
        {aside && <span className="aside">{aside}</span>}
        {subject && <CardMenu title={title} subject={subject} definition={definition} />}
      </header>
      {children}
      {(context || advice) && (
        <p className="context">
          {context} {advice && <span className="screen-only">{advice}</span>}
        </p>
      )}
    </section>
  );
}

/** The grid that cards lie in. */
export function Cards({ children, isStale = false, isBusy = false }: { children: ReactNode; isStale?: boolean; isBusy?: boolean }) {
  const isLate = useLate(isStale);
  return (
    <div className={isLate ? "cards stale late" : isStale ? "cards stale" : "cards"} aria-busy={isStale || isBusy}>
      {children}
    </div>
  );
}

/** So long old numbers stay as they are: what is answered sooner does not flicker. */
const LATE_MS = 80;

/** Whether something has held for a while. */
function useLate(holds: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!holds) return;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [holds]);
  return holds && isLate;
}
