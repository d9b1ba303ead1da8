import { formatCount, formatCounted } from "../figures/numbers";
import { nextLimit, type Paging } from "../filters/paging";
import type { OwnState } from "../filters/use_own";
import "./data_table.css";

interface Props {
  /** What is listed, such as tickets. */
  readonly things: string;
  readonly shown: number;
  readonly total: number;
  readonly paging: Paging;
  readonly nextCursor: string | null;
  readonly state: OwnState;
}

/** How many of a list are shown, and the way to more of them. */
export function Pager({ things, shown, total, paging, nextCursor, state }: Props) {
  const more = nextLimit(paging.limit);
  const place = paging.cursor === null ? "" : "further ";
  return (
    <div className="pager">
      <p role="status">{shown === total ? formatCounted(total, things) : `${formatCount(shown)} ${place}of ${formatCounted(total, things)}`}</p>
      <div className="table-tools controls">
        {nextCursor !== null && more !== null && (
          <button type="button" onClick={() => state.settle({ limit: String(more) })}>
            {more < total ? `Show ${formatCount(more)}` : `Show all ${formatCount(total)}`}
          </button>
        )}
        {nextCursor !== null && more === null && (
          <button type="button" onClick={() => state.put({ cursor: nextCursor })}>
            Next {formatCount(paging.limit)}
          </button>
        )}
        {paging.cursor !== null && (
          <button type="button" onClick={() => state.put({ cursor: null })}>
            Back to the first
          </button>
        )}
      </div>
    </div>
  );
}
