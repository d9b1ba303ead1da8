import { Suspense, useEffect } from "react";
import { useLocation } from "wouter";

import { FaultNote } from "../parts/fault_note";
import { Dialog } from "../parts/dialog";
import { SessionProvider, useSession, useSitting, type Sitting } from "../session/session";
import { SignIn } from "../session/sign_in";
import { Boundary } from "./boundary";
import { Shell } from "./shell";
import { siteOf } from "./sites";

/** The whole of it: who is there, and the page they ask for. */
export function App() {
  const sitting = useSitting();
  return <Seated {...sitting} />;
}

function Seated({ standing, signIn, retry }: Sitting) {
  switch (standing.kind) {
    case "asking":
      return <main aria-busy="true" aria-label="Loading" />;
    case "nobody":
      return (
        <main>
          <SignIn reason={null} onToken={signIn} />
        </main>
      );
    case "failed":
      return (
        <main>
          {standing.fault.kind === "UNAUTHENTICATED" ? (
            <SignIn reason={standing.fault.message} onToken={signIn} />
          ) : (
            <div className="frame">
              <FaultNote fault={standing.fault} onRetry={retry} />
            </div>
          )}
        </main>
      );
    case "there":
      return (
        <SessionProvider session={standing.session}>
          <Shell>
            <Place />
          </Shell>
          {standing.refusal !== null && (
            <Dialog title="Your session is over" onClose={() => standing.session.signOut()}>
              <SignIn reason={standing.refusal} onToken={signIn} />
            </Dialog>
          )}
        </SessionProvider>
      );
  }
}

function Place() {
  const [path] = useLocation();
  const { can } = useSession();
  const site = siteOf(path);

  useEffect(() => {
    document.title = site ? `${site.name} · deskgraph` : "deskgraph";
  }, [site]);

  if (!site) return <FaultNote fault={{ kind: "NOT_FOUND", message: `No page has the address ${path}.`, path: "" }} />;
  if (!can(site.capability)) {
    return <FaultNote fault={{ kind: "FORBIDDEN", message: `${site.name} needs ${site.capability}.`, path: "" }} />;
  }
  return (
    <Boundary key={site.path}>
      {path === site.path && site.question !== null && <h1 className="page-title">{site.question}</h1>}
      <Suspense fallback={<div aria-busy="true" />}>
        <site.Page />
      </Suspense>
    </Boundary>
  );
}
