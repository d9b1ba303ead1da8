import type { Change } from "../figures/changes";
import { Hint } from "./hint";
import "./change_mark.css";

/** A change with its arrow, coloured by whether it is for the better. */
export function ChangeMark({ change, missing }: { change: Change | null; missing: string }) {
  if (!change) return <Hint text={missing} className="change plain">—</Hint>;
  return (
    <Hint text={change.note} className={`change ${change.mood}`}>
      <span aria-hidden="true">{change.arrow}</span> {change.text}
      {change.mood !== "plain" && <span className="unseen">, {change.mood}</span>}
    </Hint>
  );
}
