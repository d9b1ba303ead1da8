import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";

import { cleaned, readSlice, strangersIn } from "./slice";
import { useAllUnread } from "./unread";
import { withQuery } from "./use_slice";
import "./address_note.css";

/** What of the address is not understood, what is known, and what is shown instead; `own` are the page's parameters. */
export function AddressNote({ own }: { own: readonly string[] }) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const unread = useAllUnread();
  const misread = useMemo(() => [...readSlice(search).misread, ...strangersIn(search, own), ...unread], [search, own, unread]);
  return (
    <div role="status" className="address-note">
      {misread.length > 0 && (
        <>
          <ul>
            {misread.map(({ parameter, value, known, instead, refusal }) => (
              <li key={`${parameter}=${value} ${instead}`}>
                <strong>{`${parameter}=${value}`}</strong> in the address {refusal ?? "is not understood"}. Shown instead: {instead}. {refusal === undefined && <span className="quiet">Known: {known}.</span>}
              </li>
            ))}
          </ul>
          <button type="button" onClick={() => navigate(withQuery(path, cleaned(search, own, unread)), { replace: true })}>
            Clean the address
          </button>
        </>
      )}
    </div>
  );
}
