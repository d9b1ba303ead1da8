import { useId, type ReactNode } from "react";
import { Link } from "wouter";
import "./hint.css";

interface Props {
  /** What is said on hover and on focus. */
  readonly text: ReactNode;
  readonly className?: string;
  /** Where a click leads; without one the words are there to be asked about alone. */
  readonly address?: string | null;
  readonly children: ReactNode;
}

/** Words or a number with more to say about it, on hover and by keyboard. */
export function Hint({ text, className = "", address = null, children }: Props) {
  const id = useId();
  return (
    <span className={`hint ${className}`}>
      {address === null ? (
        <button type="button" className="hint-face" aria-describedby={id}>
          {children}
        </button>
      ) : (
        <Link className="hint-face" href={address} aria-describedby={id}>
          {children}
        </Link>
      )}
      <span id={id} role="tooltip">
        {text}
      </span>
    </span>
  );
}
