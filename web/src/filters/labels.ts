// The labels that the gateway has told so far, by dimension and id.

import { wordLabel, type DimensionName } from "./dimensions";
import type { Label } from "./sentence";

const known = new Map<string, string>();
const key = (name: DimensionName, id: string): string => `${name}:${id}`;

/** Keeps a value's label. */
export const learn = (name: DimensionName, id: string, label: string): void => void known.set(key(name, id), label);

/** Whether nobody has told a value's label. */
export const isStrange = (name: DimensionName, id: string): boolean => wordLabel(name, id) === null && !known.has(key(name, id));

/** A value's label as far as it is known, else its id. */
export const labelOf: Label = (name, id) => wordLabel(name, id) ?? known.get(key(name, id)) ?? id;
