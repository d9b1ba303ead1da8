/** Closes what hints say on Esc, until the pointer or the focus has left them. */
export function closeHintsOnEscape(): void {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const hint of document.querySelectorAll<HTMLElement>(".hint:is(:hover, :focus-within)")) {
      const reopen = (): void => void delete hint.dataset.closed;
      hint.dataset.closed = "";
      hint.addEventListener("pointerleave", reopen, { once: true });
      hint.addEventListener("focusout", reopen, { once: true });
    }
  });
}
