import { useState, type FormEvent } from "react";

import type { Bound } from "./choice";
import type { ReportColumn } from "./columns";
import { inputUnitOf, readInput, writeInput } from "./bounds";

interface Props {
  readonly metrics: readonly ReportColumn[];
  /** The bound that is changed; null for a new one. */
  readonly bound: Bound | null;
  readonly onBound: (metric: string, bound: Bound | null) => void;
}

/** Which rows stay: those whose metric lies within. */
export function BoundForm({ metrics, bound, onBound }: Props) {
  const [name, setName] = useState(bound?.metric ?? metrics[0]?.name ?? "");
  const [word, setWord] = useState<string | null>(null);
  const info = metrics.find((one) => one.name === name);
  if (!info) return null;
  const { words } = inputUnitOf(info.unit);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const gte = readInput(String(given.get("gte")), info.unit);
    const lte = readInput(String(given.get("lte")), info.unit);
    if (gte === null && lte === null) setWord("Give at least one number.");
    else if (gte !== null && lte !== null && gte > lte) setWord("The first number is above the second.");
    else onBound(name, { metric: name, gte, lte });
  };

  return (
    <form className="bound-form" onSubmit={submit}>
      <label>
        Rows whose
        <select value={name} disabled={bound !== null} onChange={(event) => setName(event.target.value)}>
          {metrics.map((one) => (
            <option key={one.name} value={one.name}>{one.label}</option>
          ))}
        </select>
      </label>
      <div className="row">
        <label>
          is at least
          <input name="gte" inputMode="decimal" autoComplete="off" defaultValue={writeInput(bound?.gte ?? null, info.unit)} autoFocus />
        </label>
        <label>
          and at most
          <input name="lte" inputMode="decimal" autoComplete="off" defaultValue={writeInput(bound?.lte ?? null, info.unit)} />
        </label>
        <span className="quiet">{words}</span>
      </div>
      <p role="status" className="fault">{word}</p>
      <div className="row end">
        {bound !== null && <button type="button" onClick={() => onBound(name, null)}>Remove</button>}
        <button type="submit" className="primary">Apply</button>
      </div>
    </form>
  );
}
