import { useCallback } from "react";

import { useUnread } from "./unread";
import { useOwn } from "./use_own";

/** A page's own parameter, one of a few words, and the way to another one. A word that it does not know is as by default, and told. */
export function useParameter<Word extends string>(name: string, words: readonly Word[], otherwise: Word): readonly [Word, (word: Word) => void] {
  const { own, put } = useOwn();
  const given = own.get(name);
  const shown = words.find((word) => word === given) ?? otherwise;
  useUnread(own, { [name]: [shown] });
  const change = useCallback((word: Word) => put({ [name]: word === otherwise ? null : word }), [put, name, otherwise]);
  return [shown, change];
}
