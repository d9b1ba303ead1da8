import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { useUnread } from "../../filters/unread";
import { withQuery } from "../../filters/use_slice";
import { useSession } from "../../session/session";
import { formatChoice, parseChoice, shownOf, type Choice } from "./choice";

export interface ChoiceState {
  readonly choice: Choice;
  /** Goes to another choice, at its first row; back leads here again. */
  readonly choose: (choice: Choice) => void;
}

/** The choice that the address describes, and the way to another one. */
export function useChoice(): ChoiceState {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const { metrics } = useSession();
  const known = useMemo(() => new Set(metrics.map(({ name }) => name)), [metrics]);
  const choice = useMemo(() => parseChoice(search, known), [search, known]);
  useUnread(useMemo(() => new URLSearchParams(search), [search]), shownOf(choice, search, known));
  const choose = useCallback((next: Choice) => navigate(withQuery(path, formatChoice(next, search))), [navigate, path, search]);
  return { choice, choose };
}
