import { useState } from "react";

import { ChoiceList, type Choice } from "../parts/choice_list";
import { DIMENSIONS, dimensionInfo, wordLabel, type DimensionName } from "./dimensions";
import { useChoices } from "./options";
import type { Slice } from "./slice";

interface Props {
  readonly slice: Slice;
  readonly offered: readonly DimensionName[];
  readonly start: DimensionName | null;
  readonly onToggle: (name: DimensionName, id: string) => void;
}

/** Chooses a dimension, then its values. Typing finds fixed values of all dimensions at once. */
export function FilterPicker({ slice, offered, start, onToggle }: Props) {
  const [name, setName] = useState(start);
  const [text, setText] = useState("");
  if (name !== null) return <Values slice={slice} name={name} onToggle={onToggle} />;

  const dimensions = offered.map((one): Choice => ({ id: one, label: DIMENSIONS[one].label }));
  const values = text ? offered.flatMap(wordChoices) : [];
  const choose = (id: string): void => {
    const [dimension, value] = id.split("=") as [DimensionName, string | undefined];
    if (value === undefined) setName(dimension);
    else onToggle(dimension, value);
  };
  const chosen = offered.flatMap((one) => (slice.filter[one] ?? []).map((id) => `${one}=${id}`));
  return <ChoiceList label="Filter by" choices={[...dimensions, ...values]} chosen={chosen} onChoose={choose} onSearch={setText} hasMany />;
}

function wordChoices(name: DimensionName): readonly Choice[] {
  const words = dimensionInfo(name).words ?? [];
  return words.map(({ id }) => ({ id: `${name}=${id}`, label: wordLabel(name, id) ?? id, note: DIMENSIONS[name].label }));
}

function Values({ slice, name, onToggle }: { slice: Slice; name: DimensionName; onToggle: Props["onToggle"] }) {
  const [text, setText] = useState("");
  const { choices, isPartial, isLoading, failed } = useChoices(name, slice, text);
  const empty = failed ? "The gateway did not tell the values. Close this and try again." : isLoading ? "Loading …" : "Nothing matches.";
  return (
    <ChoiceList
      key={name}
      label={`Search ${DIMENSIONS[name].plural}`}
      choices={choices}
      chosen={slice.filter[name] ?? []}
      onChoose={(id) => onToggle(name, id)}
      onSearch={setText}
      empty={empty}
      isPartial={isPartial && text.trim() === ""}
      hasMany
    />
  );
}
