import { useId, type ReactNode } from "react";

import type { Fault } from "../api/faults";
import type { Draft } from "./draft";

/** What each part of the form is given. */
export interface FieldProps {
  readonly draft: Draft;
  readonly fault: Fault | null;
  readonly onChange: (changed: Partial<Draft>) => void;
}

interface Given {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

interface Props {
  readonly label: string;
  /** The inputs of the gateway that it stands for, by whose names faults are told. */
  readonly parameters: readonly string[];
  readonly fault: Fault | null;
  readonly note?: string;
  readonly children: (given: Given) => ReactNode;
}

/** A labelled input, with what is wrong with it beside it. */
export function Field({ label, parameters, fault, note, children }: Props) {
  const id = useId();
  const isWrong = isAbout(fault, parameters);
  const notes = [note && `${id}-note`, isWrong && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": isWrong, "aria-describedby": notes || undefined })}
      {note && <p id={`${id}-note`} className="quiet">{note}</p>}
      {isWrong && <p id={`${id}-fault`} className="fault" role="alert">{fault?.message}</p>}
    </div>
  );
}

/** Whether a fault is of one of some inputs. */
export const isAbout = (fault: Fault | null, parameters: readonly string[]): boolean => fault?.parameter != null && parameters.includes(fault.parameter);
