import type { Change } from "../figures/changes";
import { Hint } from "./hint";
import "./change_mark.css";

interface Props {
  readonly change: Change | null;
  readonly missing: string;
  /** Where the tickets behind the number before are, if anywhere. */
  readonly before?: string | null;
}

/** A change with its arrow, coloured by whether it is for the better; it leads to what it is measured against. */
export function ChangeMark({ change, missing, before }: Props) {
  if (!change) return <Hint text={missing} className="change plain">—</Hint>;
  return (
    <Hint text={before ? `${change.note} Click for the tickets before.` : change.note} address={before} className={`change ${change.mood}`}>
      <span aria-hidden="true">{change.arrow}</span> {change.text}
      {change.mood !== "plain" && <span className="unseen">, {change.mood}</span>}
    </Hint>
  );
}
