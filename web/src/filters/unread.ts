// What pages did not understand of their own parameters: told to the note under the filter bar.

import { useEffect, useMemo, useSyncExternalStore } from "react";

import { WITHOUT, type Misreading } from "./slice";

let told: readonly (readonly Misreading[])[] = [];
const listeners = new Set<() => void>();

function tell(next: typeof told): void {
  told = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The values of some parameters, by name, that are shown. */
export type Shown = Readonly<Record<string, readonly string[]>>;

/** Why a value that is understood is not shown; null where it is not understood. */
export type Refused = (value: string) => string | null;

/** The values of own parameters that an address gives, and that are not shown. */
export const unreadIn = (own: URLSearchParams, shown: Shown, refused: Refused = () => null): readonly Misreading[] =>
  Object.entries(shown).flatMap(([parameter, values]) =>
    own
      .getAll(parameter)
      .filter((value) => !values.includes(value))
      .map((value) => ({ parameter, value, known: "what the page offers", instead: values.join(", ") || WITHOUT, refusal: refused(value) ?? undefined })),
  );

/** Tells of the values of own parameters that are not shown, as long as the page stands. */
export function useUnread(own: URLSearchParams, shown: Shown, refused?: Refused): void {
  const text = JSON.stringify(unreadIn(own, shown, refused));
  const unread = useMemo(() => JSON.parse(text) as readonly Misreading[], [text]);
  useEffect(() => {
    if (unread.length === 0) return;
    tell([...told, unread]);
    return () => tell(told.filter((one) => one !== unread));
  }, [unread]);
}

/** All that was told, each once, however many parts of a page told it. */
export const useAllUnread = (): readonly Misreading[] => {
  const all = useSyncExternalStore(subscribe, () => told);
  return useMemo(() => eachOnce(all.flat()), [all]);
};

const eachOnce = (misread: readonly Misreading[]): readonly Misreading[] =>
  [...new Map(misread.map((one) => [`${one.parameter}=${one.value} ${one.instead}`, one])).values()];
