// The reader's bearer token: kept for this browser tab only, never in a cookie, in localStorage or in the address bar.

const KEY = "deskgraph.token";
const SHAPE = /^[A-Za-z0-9\-._~+/]+=*$/; // b64token of RFC 6750, section 2.1

/** The token of this tab, or "" where there is none. */
export function readToken(): string {
  return sessionStorage.getItem(KEY) ?? "";
}

/** Whether the reader left: such a tab takes no other's token. */
export const hasForgotten = (): boolean => sessionStorage.getItem(KEY) === "";

/** Whether a portal before the gateway puts the token into every request, so that the page needs none. */
export const isGivenByHeader = (): boolean => !hasForgotten() && document.querySelector("meta[name=deskgraph-session][content=header]") !== null;

/** The header that says who asks; none where a portal says it. */
export function authorization(): Readonly<Record<string, string>> {
  const token = readToken();
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Keeps the token for this tab; "" forgets it. */
export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token);

/** The token in what a reader pasted ("Bearer " and blanks aside), or null where it cannot be one. */
export function parseToken(pasted: string): string | null {
  const token = pasted.trim().replace(/^bearer\s+/i, "");
  return SHAPE.test(token) ? token : null;
}

/** Moves a token from the address (`#token=...`) into the session; says whether there was one. */
export function takeTokenFromAddress(): boolean {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const pasted = fragment.get("token");
  if (pasted === null) return false;

  fragment.delete("token");
  const rest = fragment.toString();
  history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
  const token = parseToken(pasted);
  if (token === null) return false;
  keepToken(token);
  return true;
}
