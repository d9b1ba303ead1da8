// An order as the address has it: a name, with - before it for descending.

export interface Order {
  readonly name: string;
  readonly isDescending: boolean;
}

/** The order that a text describes; the other one where it names nothing that can be ordered by. */
export function parseOrder(text: string | null, names: readonly string[], otherwise: Order): Order {
  const name = (text ?? "").replace(/^-/, "");
  return names.includes(name) ? { name, isDescending: text !== name } : otherwise;
}

export const formatOrder = ({ name, isDescending }: Order): string => (isDescending ? `-${name}` : name);

/** The order after a choice of a column: descending first, then the other way round. */
export const orderedBy = (name: string, before: Order): Order => ({ name, isDescending: before.name === name ? !before.isDescending : true });
