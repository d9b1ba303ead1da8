import { useSyncExternalStore } from "react";

const isDark = matchMedia("(prefers-color-scheme: dark)");
const isPrint = matchMedia("print");

function listen(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  isDark.addEventListener("change", changed);
  isPrint.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    isDark.removeEventListener("change", changed);
    isPrint.removeEventListener("change", changed);
  };
}

/** Another text whenever the theme is another one, as it is on paper: a canvas has to be drawn again. */
export const useThemeTurn = (): string => useSyncExternalStore(listen, () => isPrint.matches ? "print" : document.documentElement.dataset.theme ?? (isDark.matches ? "dark" : "light"));
