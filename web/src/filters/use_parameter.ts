import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

import { withQuery } from "./use_slice";

/** A query string with another value of one parameter; without it where the value is as by default. */
export function withParameter(search: string, name: string, value: string, otherwise: string): string {
  const written = new URLSearchParams(search);
  if (value === otherwise) written.delete(name);
  else written.set(name, value);
  return written.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
}

/** A page's own parameter, one of a few words, and the way to another one. A word that it does not know is as by default. */
export function useParameter<Word extends string>(name: string, words: readonly Word[], otherwise: Word): readonly [Word, (word: Word) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const given = new URLSearchParams(search).get(name);
  const change = useCallback((word: Word) => navigate(withQuery(path, withParameter(search, name, word, otherwise))), [navigate, path, search, name, otherwise]);
  return [words.find((word) => word === given) ?? otherwise, change];
}
