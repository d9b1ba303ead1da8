import "./segments.css";

export interface Segment<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Why it cannot be chosen. */
  readonly refusal?: string | null;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly segments: readonly Segment<Id>[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

/** One of a few words, all of them in sight. */
export function Segments<Id extends string>({ label, segments, chosen, onChoose }: Props<Id>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {segments.map(({ id, label: word, refusal }) => (
        <button key={id} type="button" aria-pressed={id === chosen} aria-disabled={refusal != null} title={refusal ?? undefined} onClick={() => refusal == null && onChoose(id)}>
          {word}
        </button>
      ))}
    </div>
  );
}
