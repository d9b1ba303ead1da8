import { useEffect, useState } from "react";

import { ask } from "../api/client";
import { LabelsDocument, OptionsDocument } from "../graphql/graphql";
import type { Choice } from "../parts/choice_list";
import { useSession } from "../session/session";
import { DIMENSIONS, DIMENSION_NAMES, dimensionInfo, type DimensionName } from "./dimensions";
import { isStrange, labelOf, learn } from "./labels";
import { choicesOf, flagsOf, hasPicker, idsOf, listedOf, type PickerName } from "./pickers";
import type { Label } from "./sentence";
import { variablesOf, withFilter, type Slice } from "./slice";

const SETTLED_MS = 200;

interface Read {
  readonly choices: readonly Choice[];
  /** Whether there are more values than one answer has: then the gateway searches. */
  readonly isPartial: boolean;
}

interface Wanted {
  readonly name: DimensionName;
  readonly slice: Slice;
  readonly search: string;
  readonly isListed: boolean;
}

/** The values of a dimension, with the tickets created in each in the slice, its own filter aside. */
async function readChoices({ name, slice, search, isListed }: Wanted, signal: AbortSignal): Promise<Read> {
  const { compareTo: _, ...variables } = variablesOf(withFilter(slice, name, []));
  const flags = flagsOf(isListed ? [name] : []);
  const { data } = await ask(OptionsDocument, { ...variables, ...flags, by: [DIMENSIONS[name].dimension], search: search || null }, signal);
  const listed = isListed ? listedOf(name as PickerName, data) : null;
  const choices = choicesOf(name, data.report.breakdown, listed);
  for (const { id, label } of choices) learn(name, id, label);
  return { choices, isPartial: listed !== null && listed.total > listed.nodes.length };
}

export interface Choices extends Read {
  readonly isLoading: boolean;
  readonly failed: boolean;
}

interface Found extends Choices {
  readonly name: DimensionName;
}

/** The choices of a dimension, for what is typed: its fixed ones at once, all with counts when they arrive. */
export function useChoices(name: DimensionName, slice: Slice, typed: string): Choices {
  const { can } = useSession();
  const fixed: Found = { name, choices: dimensionInfo(name).words ?? [], isPartial: false, isLoading: true, failed: false };
  const [kept, setFound] = useState(fixed);
  const found = kept.name === name ? kept : fixed;
  const text = found.isPartial ? typed.trim() : "";
  const search = useSettled(text);
  const isListed = hasPicker(name, can);

  useEffect(() => {
    const controller = new AbortController();
    readChoices({ name, slice, search, isListed }, controller.signal).then(
      // What is found of a search is all of it, or not; there are more values either way.
      ({ choices, isPartial }) => setFound({ name, choices, isPartial: isPartial || search !== "", isLoading: false, failed: false }),
      () => controller.signal.aborted || setFound((before) => ({ ...before, name, isLoading: false, failed: true })),
    );
    return () => controller.abort();
  }, [name, slice, search, isListed]);
  return { ...found, isLoading: found.isLoading || search !== text };
}

/** A text once nobody has typed on for a moment. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Labels of everything in the filter; those that nobody has told yet are asked for, all at once. */
export function useLabels(slice: Slice): Label {
  const { can } = useSession();
  const [, setCount] = useState(0);
  const strange = strangersIn(slice);
  const wanted = JSON.stringify([...strange]);
  useEffect(() => {
    const asked = new Map(JSON.parse(wanted) as [DimensionName, string[]][]);
    if (asked.size === 0 || !can("reports:summary:read")) return;
    const controller = new AbortController();
    void readLabels(asked, slice, can, controller.signal).finally(() => controller.signal.aborted || setCount((count) => count + 1));
    return () => controller.abort();
  }, [wanted, slice, can]);
  return labelOf;
}

/** The ids in a filter whose label nobody has told, by dimension. */
function strangersIn({ filter }: Slice): Map<DimensionName, readonly string[]> {
  const found = DIMENSION_NAMES.map((name) => [name, (filter[name] ?? []).filter((id) => isStrange(name, id))] as const);
  return new Map(found.filter(([, ids]) => ids.length > 0));
}

/** Learns the labels of some ids: of lists in one request, of what the viewer has no list of by the slice's tickets. */
async function readLabels(asked: ReadonlyMap<DimensionName, readonly string[]>, slice: Slice, can: (capability: string) => boolean, signal: AbortSignal): Promise<void> {
  const listed = new Map([...asked].flatMap(([name, ids]) => (hasPicker(name, can) ? [[name, ids] as const] : [])));
  const others = [...asked.keys()].filter((name) => !hasPicker(name, can));
  const reads: Promise<unknown>[] = others.map((name) => readChoices({ name, slice, search: "", isListed: false }, signal));
  if (listed.size > 0) reads.push(readNames(listed, signal));
  await Promise.allSettled(reads);
}

async function readNames(asked: ReadonlyMap<PickerName, readonly string[]>, signal: AbortSignal): Promise<void> {
  const { data } = await ask(LabelsDocument, { ...flagsOf([...asked.keys()]), ...idsOf(asked) }, signal);
  for (const [name, ids] of asked) {
    const told = listedOf(name, data);
    if (told === null) continue;
    const names = new Map(told.nodes.map((node) => [node.id, node.name]));
    // What is not there is called by its id from now on, and not asked for again.
    for (const id of ids) learn(name, id, names.get(id) ?? id);
  }
}
