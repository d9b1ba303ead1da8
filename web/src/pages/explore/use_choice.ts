import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { useUnread } from "../../filters/unread";
import { withQuery } from "../../filters/use_slice";
import { useSession } from "../../session/session";
import { allowedColumns, missing } from "./allowed";
import { formatChoice, groupsIn, parseChoice, shownOf, type Choice } from "./choice";
import { metricOf, type ReportColumn } from "./columns";

export interface ChoiceState {
  readonly choice: Choice;
  /** The columns that the viewer may choose with these groups, by name. */
  readonly columns: ReadonlyMap<string, ReportColumn>;
  /** The columns that are shown. */
  readonly shown: readonly ReportColumn[];
  /** Goes to another choice, at its first row; back leads here again. */
  readonly choose: (choice: Choice) => void;
}

/** The choice that the address describes, as far as the viewer may read it, and the way to another one. */
export function useChoice(): ChoiceState {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const { can, metrics } = useSession();
  const read = useMemo(() => {
    const given = new URLSearchParams(search);
    const by = groupsIn(given);
    const columns = allowedColumns(can, metrics, by);
    const known = new Set(columns.keys());
    const choice = parseChoice(search, known);
    const shown = choice.metrics.flatMap((name) => columns.get(name) ?? []);
    const refused = (text: string): string | null => {
      const info = metrics.find(({ name }) => name === metricOf(text.replace(/^-/, "").split(":")[0] ?? ""));
      const needed = info ? missing(can, info, by) : null;
      return needed && `is not shown to your role: ${info?.label} needs ${needed}`;
    };
    return { given, choice, columns, shown, told: shownOf(choice, search, known), refused };
  }, [search, can, metrics]);
  useUnread(read.given, read.told, read.refused);
  const choose = useCallback((next: Choice) => navigate(withQuery(path, formatChoice(next, search))), [navigate, path, search]);
  return { choice: read.choice, columns: read.columns, shown: read.shown, choose };
}
