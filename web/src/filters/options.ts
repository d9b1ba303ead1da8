import { useEffect, useState } from "react";

import { ask, type Whole } from "../api/client";
import { formatCount } from "../figures/numbers";
import { OptionsDocument, type OptionsQuery } from "../graphql/graphql";
import type { Choice } from "../parts/choice_list";
import { useSession } from "../session/session";
import { DIMENSIONS, DIMENSION_NAMES, dimensionInfo, UNSET, wordLabel, type DimensionName } from "./dimensions";
import type { Label } from "./sentence";
import { variablesOf, withFilter, type Slice } from "./slice";

/** The labels that the gateway has told so far, by dimension and id. */
const known = new Map<string, string>();
const key = (name: DimensionName, id: string): string => `${name}:${id}`;

/** A value's label as far as it is known, else its id. */
export const labelOf: Label = (name, id) => wordLabel(name, id) ?? known.get(key(name, id)) ?? id;

type Row = NonNullable<Whole<OptionsQuery>["report"]["breakdown"]>["rows"][number];

/** The values that a dimension has in the slice, its own filter aside, with the tickets created in each. */
async function readChoices(name: DimensionName, slice: Slice, signal: AbortSignal): Promise<readonly Choice[]> {
  const { compareTo: _, ...variables } = variablesOf(withFilter(slice, name, []));
  const { data } = await ask(OptionsDocument, { ...variables, by: [DIMENSIONS[name].dimension] }, signal);
  return (data.report.breakdown?.rows ?? []).map((row) => choiceOf(name, row));
}

function choiceOf(name: DimensionName, { keys, metrics }: Row): Choice {
  const [key0] = keys;
  const id = key0?.id == null ? UNSET : idOf(name, key0.id);
  const label = wordLabel(name, id) ?? key0?.label ?? id;
  known.set(key(name, id), label);
  const created = metrics.ticketsCreated;
  return { id, label, note: created?.suppressed ? "<5" : formatCount(created?.value ?? 0) };
}

const idOf = (name: DimensionName, id: string): string => (dimensionInfo(name).words ? id.toLowerCase() : id);

export interface Choices {
  readonly choices: readonly Choice[];
  readonly isLoading: boolean;
  readonly failed: boolean;
}

const words = (name: DimensionName | null): readonly Choice[] => (name && dimensionInfo(name).words) ?? [];

/** The choices of a dimension; its fixed ones at once, the counts when they arrive. */
export function useChoices(name: DimensionName | null, slice: Slice): Choices {
  const [found, setFound] = useState<Choices & { name: DimensionName | null }>({ name: null, choices: [], isLoading: true, failed: false });
  useEffect(() => {
    if (name === null) return;
    const controller = new AbortController();
    readChoices(name, slice, controller.signal).then(
      (choices) => setFound({ name, choices: complete(name, choices), isLoading: false, failed: false }),
      () => controller.signal.aborted || setFound({ name, choices: words(name), isLoading: false, failed: true }),
    );
    return () => controller.abort();
  }, [name, slice]);
  return found.name === name ? found : { choices: words(name), isLoading: name !== null, failed: false };
}

/** The choices with the fixed ones that no ticket has. */
function complete(name: DimensionName, choices: readonly Choice[]): readonly Choice[] {
  const there = new Set(choices.map((choice) => choice.id));
  const missing = words(name).filter((word) => !there.has(word.id)).map((word) => ({ ...word, note: "0" }));
  return [...choices, ...missing];
}

/** Labels of everything in the filter; ids whose label nobody has told are asked for. */
export function useLabels(slice: Slice): Label {
  const { can } = useSession();
  const [, setCount] = useState(0);
  const strange = DIMENSION_NAMES.filter((name) => (slice.filter[name] ?? []).some((id) => !wordLabel(name, id) && !known.has(key(name, id))));
  const wanted = strange.join();
  useEffect(() => {
    if (!wanted || !can("reports:summary:read")) return;
    const controller = new AbortController();
    const reads = (wanted.split(",") as DimensionName[]).map((name) => readChoices(name, slice, controller.signal));
    void Promise.allSettled(reads).then(() => controller.signal.aborted || setCount((count) => count + 1));
    return () => controller.abort();
  }, [wanted, slice, can]);
  return labelOf;
}
