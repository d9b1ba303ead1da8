import { useEffect, useState } from "react";

import type { OwnState } from "../../filters/use_own";

const PAUSE_MS = 250;

/** A text in the address, `search`, which follows what is typed after a pause. */
export function SearchBox({ label, state }: { label: string; state: OwnState }) {
  const asked = state.own.get("search") ?? "";
  const [text, setText] = useState(asked);
  const [known, setKnown] = useState(asked);
  if (known !== asked) {
    // The address went elsewhere: back, forward, a link.
    setKnown(asked);
    setText(asked);
  }

  useEffect(() => {
    if (text.trim() === asked) return;
    const timer = setTimeout(() => state.settle({ search: text.trim() || null, cursor: null }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, asked, state]);

  return <input type="search" aria-label={label} placeholder={label} autoComplete="off" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />;
}
