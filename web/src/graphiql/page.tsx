import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { useEffect, useMemo, useState } from "react";

import { isGivenByHeader, keepToken, readToken, takeTokenFromAddress } from "../session/token";
import { createFetcher } from "./fetcher";
import { DEFAULT_QUERY, readDeepLink } from "./query";
import { TokenBar } from "./token_bar";

const EXPLORER = explorerPlugin({ showAttribution: false });
const PLUGINS = [EXPLORER, HISTORY_PLUGIN];
/** Whether the query and its answer need the screen for themselves. */
const IS_NARROW = matchMedia("(max-width: 720px)").matches;
const LINK = readDeepLink(location.search);

export function Page() {
  const [token, setToken] = useState(readToken);
  const [refusal, setRefusal] = useState<string | null>(null);
  const fetcher = useMemo(() => createFetcher(token, setRefusal), [token]);

  function changeToken(changed: string): void {
    keepToken(changed);
    setRefusal(null);
    setToken(changed);
  }

  // A link with a token, opened in a tab that shows this page already, changes the address and loads nothing.
  useEffect(() => {
    const onHashChange = () => takeTokenFromAddress() && changeToken(readToken());
    addEventListener("hashchange", onHashChange);
    return () => removeEventListener("hashchange", onHashChange);
  }, []);

  return (
    <div className="page">
      <TokenBar token={token} refusal={refusal} onChange={changeToken} />
      <GraphiQL
        fetcher={fetcher}
        // Without a token the gateway would refuse to describe itself: do not ask.
        schema={token || isGivenByHeader() ? undefined : null}
        defaultQuery={DEFAULT_QUERY}
        initialQuery={LINK.query}
        initialVariables={LINK.variables}
        plugins={PLUGINS}
        visiblePlugin={IS_NARROW ? undefined : EXPLORER}
        // Typed headers would lie in localStorage with the history; the token has its own field.
        isHeadersEditorEnabled={false}
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo>
          <></>
        </GraphiQL.Logo>
      </GraphiQL>
    </div>
  );
}
