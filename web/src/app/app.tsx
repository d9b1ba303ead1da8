import { Suspense, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";

import { formatTime } from "../figures/dates";
import { FaultNote } from "../parts/fault_note";
import { Dialog } from "../parts/dialog";
import { SessionProvider, useSession, useSitting, type Session, type Sitting } from "../session/session";
import { SignIn } from "../session/sign_in";
import { isGivenByHeader, readToken } from "../session/token";
import { useEnding } from "../session/use_ending";
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
          <SignIn title="Sign in" reason="No other tab of this page is signed in. The portal opens it with a token; you can paste one, too. It stays in the tabs that are open, and goes with the last of them." onToken={signIn} />
        </main>
      );
    case "failed":
      return (
        <main>
          {standing.fault.kind === "UNAUTHENTICATED" ? (
            <SignIn title="Sign in again" reason={refused(standing.fault.message)} onToken={signIn} />
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
          <Renewal session={standing.session} refusal={standing.refusal} retry={retry} />
        </SessionProvider>
      );
  }
}

const refused = (reason: string): string => `The gateway refused the token: ${reason}`;

/** Asks for a new token where the old one was refused, or is about to end; the page stays behind it. */
function Renewal({ session, refusal, retry }: { session: Session; refusal: string | null; retry: () => void }) {
  const { expiresAt } = session.viewer;
  const isEnding = useEnding(expiresAt);
  const [dismissed, dismiss] = useState<string | null>(null);
  const isRenewedByPortal = readToken() === "" && isGivenByHeader();

  // Where a portal gives the token, it gives the next one, too.
  useEffect(() => {
    if (isEnding && isRenewedByPortal) retry();
  }, [isEnding, isRenewedByPortal, expiresAt, retry]);

  if (refusal !== null) {
    return (
      <Dialog title="Your session is over" onClose={session.signOut}>
        <SignIn title="Sign in again" reason={refused(refusal)} onToken={session.signIn} />
      </Dialog>
    );
  }
  if (!isEnding || isRenewedByPortal || expiresAt === null || dismissed === expiresAt) return null;
  const end = formatTime(expiresAt, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <Dialog title="Your session ends soon" onClose={() => dismiss(expiresAt)}>
      <SignIn title="Go on with a new token" reason={`This one holds until ${end}. The page stays as it is.`} onToken={session.signIn} />
    </Dialog>
  );
}

function Place() {
  const [path] = useLocation();
  const { can } = useSession();
  const site = siteOf(path);

  useEffect(() => {
    document.title = site ? `${site.name} · deskgraph` : "deskgraph";
  }, [site]);

  if (!site) return <FaultNote fault={{ kind: "NOT_FOUND", message: `No page has the address ${path}.`, path: "" }} advice={<>Go to the <Link href="/">overview</Link>.</>} />;
  if (!can(site.capability)) {
    return (
      <>
        <h1 className="page-title">{site.question}</h1>
        <FaultNote fault={{ kind: "FORBIDDEN", message: `The page ${site.name} needs ${site.capability}.`, path: "" }} advice={<>Go to the <Link href="/">overview</Link>, or ask a manager.</>} />
      </>
    );
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
