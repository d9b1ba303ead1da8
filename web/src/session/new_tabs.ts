// A new tab has no token of its own: it gets this tab's where a link of ours opens it.

const opensTab = (event: MouseEvent): boolean => (event.type === "auxclick" ? event.button === 1 : event.ctrlKey || event.metaKey);

function open(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!link || event.defaultPrevented || !opensTab(event) || link.origin !== location.origin || link.download) return;
  event.preventDefault();
  // TRICKY: only a tab with an opener starts with a copy of this one's session; the browser's own way to open it leaves both out.
  window.open(link.href, "_blank");
}

/** Hands the session to every tab that a click with Ctrl, the command key or the middle button opens. */
export function keepSessionInNewTabs(): void {
  addEventListener("click", open);
  addEventListener("auxclick", open);
}
