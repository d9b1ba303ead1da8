/** Writes the reader's zone into an address that has none, so that a shared link shows the same days everywhere. */
export function settleZone(): void {
  const address = new URL(location.href);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (address.searchParams.has("timezone") || zone === "UTC") return;
  const query = [address.search.slice(1), `timezone=${encodeURIComponent(zone).replaceAll("%2F", "/")}`];
  history.replaceState(history.state, "", `${address.pathname}?${query.filter(Boolean).join("&")}${address.hash}`);
}
