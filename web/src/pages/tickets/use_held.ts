import { useCallback, useState } from "react";

import type { Answer } from "../../api/client";
import type { Asking } from "../../api/use_answer";
import type { TicketsQuery, TicketsQueryVariables } from "../../graphql/graphql";
import { pageBehind, type TicketNumber } from "./number";

interface Held {
  readonly answer: Answer<TicketsQuery> | null;
  readonly asked: TicketsQueryVariables;
}

export interface Holding extends Held {
  /** How many there are by now, where the list is another one than is shown; null where it is the same. */
  readonly news: number | null;
  /** Shows the list as it is now. */
  readonly show: () => void;
  /** Hears of a change; of the first that is told, the page has only just begun to be read. */
  readonly onChange: (isFirst: boolean) => void;
}

/**
 * The list as somebody reads it. What changes in its rows changes in place; rows that come or go would move what is being
 * read, and wait until they are asked for.
 */
export function useHeld({ answer, asked, isStale, retry }: Asking<TicketsQuery, TicketsQueryVariables>, number: TicketNumber): Holding {
  const [held, hold] = useState<Held & { readonly isRead: boolean }>({ answer, asked, isRead: false });
  const isOther = asked !== held.asked;
  const waits = held.isRead && !isOther && !isStale && !hasSameRows(held.answer, answer, number);
  if (!waits && (isOther || answer !== held.answer)) hold({ answer, asked, isRead: !isOther && held.isRead });

  const show = useCallback(() => hold({ answer, asked, isRead: false }), [answer, asked]);
  const onChange = useCallback(
    (isFirst: boolean) => {
      if (!isFirst) hold((one) => ({ ...one, isRead: true }));
      retry();
    },
    [retry],
  );
  const news = waits && answer ? (pageBehind(number, answer.data.report)?.total ?? 0) : null;
  return { answer: waits ? held.answer : answer, asked: waits ? held.asked : asked, news, show, onChange };
}

/** Whether two answers list the same facts in the same order; nobody reads an empty list. */
function hasSameRows(one: Held["answer"], other: Held["answer"], number: TicketNumber): boolean {
  const keysOf = (answer: Held["answer"]): readonly string[] => (answer ? (pageBehind(number, answer.data.report)?.nodes ?? []) : []).map(({ id, at }) => `${id} ${at}`);
  const [before, now] = [keysOf(one), keysOf(other)];
  return before.length === 0 || (before.length === now.length && before.every((key, at) => key === now[at]));
}
