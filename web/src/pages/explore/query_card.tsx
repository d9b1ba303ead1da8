import { Card } from "../../parts/card";
import { CopyButton } from "../../parts/copy_button";
import { editorAddress } from "../../parts/editor_address";
import type { Question } from "./document";

/** The GraphQL of the report, as it is sent. */
export function QueryCard({ question: { document, variables } }: { question: Question }) {
  const written = JSON.stringify(variables, null, 2);
  return (
    <Card title="GraphQL" span={12} context="What this page sends to /graphql: the document and its variables, with your token.">
      <div className="query-tools controls">
        <CopyButton what="query" text={() => document.text} />
        <CopyButton what="variables" text={() => written} />
        <a className="button" href={editorAddress(document.text, variables)}>Open in GraphiQL</a>
      </div>
      <div className="query-panes">
        <pre role="group" aria-label="Query" tabIndex={0}><code>{document.text.trimEnd()}</code></pre>
        <pre role="group" aria-label="Variables" tabIndex={0}><code>{written}</code></pre>
      </div>
    </Card>
  );
}
