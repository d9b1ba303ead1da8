import { useEffect, useState } from "react";

import { copyText } from "./copy";

interface Props {
  readonly text: () => string;
  /** What is copied, such as link. */
  readonly what: string;
  readonly className?: string;
}

const SAID_MS = 2_000;

/** Copies a text, and says so; says, too, where the browser does not let it. */
export function CopyButton({ text, what, className }: Props) {
  const [word, setWord] = useState<string | null>(null);
  useEffect(() => {
    if (word === null) return;
    const timer = setTimeout(() => setWord(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [word]);
  const copy = (): void => {
    copyText(text()).then(
      () => setWord("Copied"),
      () => setWord("The browser did not let it"),
    );
  };
  return (
    <button type="button" className={className} onClick={copy}>
      <span aria-live="polite">{word ?? `Copy ${what}`}</span>
    </button>
  );
}
