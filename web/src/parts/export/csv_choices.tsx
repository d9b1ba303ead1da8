import { SEPARATORS, type FileWish, type Separator } from "./formats";

interface Props {
  readonly wish: FileWish;
  readonly onWish: (wish: FileWish) => void;
}

/** How a CSV is written. */
export function CsvChoices({ wish, onWish }: Props) {
  return (
    <div className="csv-options">
      <label>
        <span>Cells are separated by</span>
        <select value={wish.separator} onChange={(event) => onWish({ ...wish, separator: event.target.value as Separator })}>
          {Object.entries(SEPARATORS).map(([separator, words]) => (
            <option key={separator} value={separator}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input type="checkbox" checked={wish.bom} onChange={(event) => onWish({ ...wish, bom: event.target.checked })} />
        Byte order mark, by which Excel knows UTF-8
      </label>
    </div>
  );
}
