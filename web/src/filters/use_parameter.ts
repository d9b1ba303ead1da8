import { useCallback } from "react";

import { useOwn } from "./use_own";

/** A page's own parameter, one of a few words, and the way to another one. A word that it does not know is as by default. */
export function useParameter<Word extends string>(name: string, words: readonly Word[], otherwise: Word): readonly [Word, (word: Word) => void] {
  const { own, put } = useOwn();
  const given = own.get(name);
  const change = useCallback((word: Word) => put({ [name]: word === otherwise ? null : word }), [put, name, otherwise]);
  return [words.find((word) => word === given) ?? otherwise, change];
}
