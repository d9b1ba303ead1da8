import { useId, type ReactNode } from "react";
import "./hint.css";

interface Props {
  /** What is said on hover and on focus. */
  readonly text: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Words or a number with more to say about it, on hover and by keyboard. */
export function Hint({ text, className = "", children }: Props) {
  const id = useId();
  return (
    <span className={`hint ${className}`}>
      <button type="button" className="hint-face" aria-describedby={id}>
        {children}
      </button>
      <span id={id} role="tooltip">
        {text}
      </span>
    </span>
  );
}
