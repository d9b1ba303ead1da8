import { useCallback, type MouseEvent } from "react";
import { useLocation } from "wouter";

/** Follows a click on any link within: one listener for a table, where its thousand links would each have one. */
export function useFollow(): (event: MouseEvent) => void {
  const [, navigate] = useLocation();
  return useCallback(
    (event) => {
      const address = event.target instanceof Element ? event.target.closest("a")?.getAttribute("href") : null;
      if (!address || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      navigate(address);
    },
    [navigate],
  );
}
