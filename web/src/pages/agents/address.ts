// Where an agent's page is, and the slice of an agent's tickets.

import { UNSET } from "../../filters/dimensions";
import { withFilter, type Slice } from "../../filters/slice";
import { addressFor } from "../../filters/use_slice";

const FOLDER = "/agents/";

/** The page of an agent, over the same slice. */
export const agentAddress = (id: string, slice: Slice): string => addressFor(FOLDER + encodeURIComponent(id), withFilter(slice, "agent", []));

/** The agent whose page an address is; null for the page of all. */
export function agentIn(pathname: string): string | null {
  const last = pathname.startsWith(FOLDER) ? pathname.slice(FOLDER.length) : "";
  return last === "" ? null : decodeURIComponent(last);
}

/** What of a slice is one agent's, or nobody's. */
export const sliceOf = (id: string | null, slice: Slice): Slice => withFilter(slice, "agent", [id ?? UNSET]);
