import { lazy, Suspense, useState } from "react";
import { Link } from "wouter";

import { addressFor } from "../filters/use_slice";
import { canSeeBehind } from "../session/behind";
import { useSession } from "../session/session";
import { copyText } from "./copy";
import { editorAddress } from "./editor_address";
import { Dialog } from "./dialog";
import { canExport } from "./export/order";
import { Menu } from "./menu";
import { Popover } from "./popover";
import { queryOf, type Subject } from "./subject";

const ExportDialog = lazy(() => import("./export/dialog"));

interface Props {
  readonly title: string;
  readonly subject: Subject;
  readonly definition?: string;
}

/** What can be done with a card. */
export function CardMenu({ title, subject, definition }: Props) {
  const [shown, show] = useState<"definition" | "export" | null>(null);
  return (
    <div className="card-menu">
      <Popover kind="menu" side="end" className="bare" label={`${title}: more`} face={<><span aria-hidden="true">⋯</span><span className="unseen">{title}: more</span></>}>
        {(close) => <Items title={title} subject={subject} hasDefinition={definition !== undefined} show={show} close={close} />}
      </Popover>
      {shown === "definition" && (
        <Dialog title={title} onClose={() => show(null)}>
          <p>{definition}</p>
        </Dialog>
      )}
      {shown === "export" && subject.report && (
        <Suspense>
          <ExportDialog order={{ report: subject.report, slice: subject.slice, asked: subject.exported }} onClose={() => show(null)} />
        </Suspense>
      )}
    </div>
  );
}

interface ItemsProps {
  readonly title: string;
  readonly subject: Subject;
  readonly hasDefinition: boolean;
  readonly show: (what: "definition" | "export") => void;
  readonly close: () => void;
}

function Items({ title, subject, hasDefinition, show, close }: ItemsProps) {
  const { can } = useSession();
  const [refusal, refuse] = useState<string | null>(null);
  const copy = (): void => void copyText(queryOf(subject)).then(close, () => refuse("The browser did not let it"));
  const open = (what: "definition" | "export") => (): void => {
    close();
    show(what);
  };
  return (
    <Menu label={title}>
      {subject.metric && canSeeBehind(can, subject.metric) && (
        <Link role="menuitem" href={addressFor("/tickets", subject.slice, { metric: subject.metric })}>
          See the tickets
        </Link>
      )}
      {subject.explore && can("queries:adhoc:run") && (
        <Link role="menuitem" href={addressFor("/explore", subject.slice, subject.explore)}>
          Open in Explore
        </Link>
      )}
      <button type="button" role="menuitem" onClick={copy}>
        <span aria-live="polite">{refusal ?? "Copy GraphQL"}</span>
      </button>
      {can("queries:adhoc:run") && (
        <a role="menuitem" href={editorAddress(queryOf(subject))}>
          Open in GraphiQL
        </a>
      )}
      {subject.report && canExport(can, subject.report) && (
        <button type="button" role="menuitem" onClick={open("export")}>
          Export …
        </button>
      )}
      {hasDefinition && (
        <button type="button" role="menuitem" onClick={open("definition")}>
          Definition
        </button>
      )}
    </Menu>
  );
}
