import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import "./choice_list.css";

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** What stands at the right, such as a count. */
  readonly note?: string;
}

interface Props {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChoose: (id: string) => void;
  readonly hasMany?: boolean;
  /** What is said where nothing matches. */
  readonly empty?: string;
  readonly onSearch?: (text: string) => void;
  /** Whether there are choices that are not here. */
  readonly isPartial?: boolean;
}

const MAX_SHOWN = 200;

/** Choices that match what is typed; by mouse, or by arrows and Enter. */
export function ChoiceList({ label, choices, chosen, onChoose, hasMany = false, empty = "Nothing matches.", onSearch, isPartial = false }: Props) {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const found = matching(choices, text);
  const shown = found.slice(0, MAX_SHOWN);

  useEffect(() => {
    // TRICKY: a popover shows itself after this render; what is not shown takes no focus.
    const frame = requestAnimationFrame(() => input.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  useEffect(() => {
    void list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const press = (event: KeyboardEvent): void => {
    const chosenNow = shown[at];
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, shown.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter" && chosenNow) onChoose(chosenNow.id);
    else return;
    event.preventDefault();
  };
  const type = (next: string): void => {
    setText(next);
    setAt(0);
    onSearch?.(next);
  };

  return (
    <div className="choice-list">
      <input
        ref={input}
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={press}
      />
      <ul ref={list} id={id} role="listbox" aria-label={label} aria-multiselectable={hasMany}>
        {shown.map((choice, index) => (
          <li
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={chosen.includes(choice.id)}
            className={index === at ? "active" : undefined}
            onClick={() => onChoose(choice.id)}
          >
            <span className="choice-label">{choice.label}</span>
            {choice.note !== undefined && <span className="quiet">{choice.note}</span>}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="quiet" role="status">{empty}</p>}
      {(isPartial || found.length > shown.length) && <p className="quiet">There are more. Type a part of a name or an id to find them.</p>}
    </div>
  );
}

/** The choices whose label or id holds every word of the text. */
export function matching(choices: readonly Choice[], text: string): readonly Choice[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ id, label }) => {
    const searched = `${label} ${id}`.toLowerCase().replaceAll("_", " ");
    return words.every((word) => searched.includes(word.replaceAll("_", " ")));
  });
}
