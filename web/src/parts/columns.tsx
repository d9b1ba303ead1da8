import { useState } from "react";

import { Menu } from "./menu";
import { Popover } from "./popover";

interface Choosable {
  readonly id: string;
  readonly label: string;
}

export interface Chosen<One extends Choosable> {
  /** Those that are shown, in their own order. */
  readonly shown: readonly One[];
  readonly toggle: (id: string) => void;
  readonly reset: () => void;
}

/** The columns that a reader shows of a table; kept in the browser under the table's name. */
export function useColumns<One extends Choosable>(table: string, all: readonly One[], usual: readonly string[]): Chosen<One> {
  const key = `deskgraph.columns.${table}`;
  const [kept, setKept] = useState(() => readColumns(localStorage.getItem(key)));
  const ids = kept ?? usual;
  const keep = (next: readonly string[]): void => {
    localStorage.setItem(key, JSON.stringify(next));
    setKept(next);
  };
  return {
    shown: all.filter(({ id }) => ids.includes(id)),
    toggle: (id) => keep(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]),
    reset: () => {
      localStorage.removeItem(key);
      setKept(null);
    },
  };
}

/** The ids that were kept; null where there are none, or something else. */
export function readColumns(kept: string | null): readonly string[] | null {
  if (kept === null) return null;
  try {
    const ids: unknown = JSON.parse(kept);
    return Array.isArray(ids) && ids.every((id) => typeof id === "string") ? ids : null;
  } catch {
    return null;
  }
}

/** Chooses the columns of a table. */
export function ColumnMenu<One extends Choosable>({ all, chosen }: { all: readonly One[]; chosen: Chosen<One> }) {
  const shown = new Set(chosen.shown.map(({ id }) => id));
  return (
    <Popover kind="menu" side="end" label="Columns" face="Columns">
      {() => (
        <Menu label="Columns">
          {all.map(({ id, label }) => (
            <button key={id} type="button" role="menuitemcheckbox" aria-checked={shown.has(id)} onClick={() => chosen.toggle(id)}>
              {label}
            </button>
          ))}
          <hr />
          <button type="button" role="menuitem" onClick={chosen.reset}>
            The usual ones
          </button>
        </Menu>
      )}
    </Popover>
  );
}
