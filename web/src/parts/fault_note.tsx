import type { ReactNode } from "react";

import { wordsFor, type Fault } from "../api/faults";
import { Told } from "./told";
import "./fault_note.css";

interface Props {
  readonly fault: Fault;
  /** What went wrong, where the place knows better than the kind of fault. */
  readonly title?: string;
  /** What to do, likewise. */
  readonly advice?: ReactNode;
  readonly onRetry?: () => void;
  /** Other ways on. */
  readonly children?: ReactNode;
}

/** What went wrong, what to do, and a way to try again. */
export function FaultNote({ fault, title, advice, onRetry, children }: Props) {
  const words = wordsFor(fault.kind);
  return (
    <div className="fault-note" role="alert">
      <p className="fault-title">{title ?? words.title}</p>
      <p>
        <Told text={fault.message} /> <span className="quiet">{advice ?? words.advice}</span>
      </p>
      {words.canRetry && onRetry && (
        <button type="button" onClick={onRetry}>
          Retry
        </button>
      )}
      {children}
    </div>
  );
}
