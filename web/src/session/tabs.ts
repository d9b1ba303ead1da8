// A new tab has no token of its own: the open tabs of this origin hand it theirs, from memory to memory.

import { hasForgotten, isGivenByHeader, keepToken, parseToken, readToken } from "./token";

const CHANNEL = "deskgraph.token";
/** So long a new tab waits for the others; one that has a token answers within a few milliseconds. */
const PATIENCE_MS = 250;
/** So long it waits for further answers after the first: tabs may look with different tokens. */
const GATHERING_MS = 30;

type Word =
  | { readonly kind: "wanted"; readonly by: string }
  | { readonly kind: "given"; readonly to: string; readonly token: string; readonly usedAt: number };

const HANDS = ["pointerdown", "keydown", "focus"] as const;

/** Takes the token of the tab that was used last, where this one has none; then answers tabs that come later. */
export async function shareTokenAmongTabs(): Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  if (!readToken() && !hasForgotten() && !isGivenByHeader()) {
    const given = await receive(channel);
    if (given && !readToken()) keepToken(given);
  }
  answer(channel);
}

function answer(channel: BroadcastChannel): void {
  let usedAt = 0;
  for (const hand of HANDS) addEventListener(hand, () => (usedAt = Date.now()), { capture: true, passive: true });
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    const token = readToken();
    if (data.kind === "wanted" && token) channel.postMessage({ kind: "given", to: data.by, token, usedAt } satisfies Word);
  };
}

function receive(channel: BroadcastChannel): Promise<string | null> {
  // Not randomUUID: it is there over https alone.
  const by = crypto.getRandomValues(new Uint32Array(4)).join();
  return new Promise((resolve) => {
    let latest = -1;
    let found: string | null = null;
    const end = (): void => resolve(found);
    let timer = setTimeout(end, PATIENCE_MS);
    channel.onmessage = ({ data }: MessageEvent<Word>) => {
      if (data.kind !== "given" || data.to !== by || data.usedAt <= latest) return;
      latest = data.usedAt;
      found = parseToken(data.token);
      clearTimeout(timer);
      timer = setTimeout(end, GATHERING_MS);
    };
    channel.postMessage({ kind: "wanted", by } satisfies Word);
  });
}
