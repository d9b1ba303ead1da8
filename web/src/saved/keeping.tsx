import { useState } from "react";
import { useSearch } from "wouter";

import type { ReportPage } from "../graphql/graphql";
import { CopyButton } from "../parts/copy_button";
import { SaveDialog } from "./save_dialog";
import { SavedDialog } from "./saved_dialog";
import "./saved.css";

/** Keeps the page as it is under a name, opens what was kept, and shares it by its link. */
export function Keeping({ page }: { page: ReportPage }) {
  const query = useSearch();
  const [shown, show] = useState<"save" | "saved" | null>(null);
  return (
    <div className="keeping">
      <button type="button" onClick={() => show("saved")}>Saved reports</button>
      <button type="button" onClick={() => show("save")}>Save …</button>
      <CopyButton what="link" text={() => location.href} />
      {shown === "save" && <SaveDialog page={page} query={query} onClose={() => show(null)} />}
      {shown === "saved" && <SavedDialog onClose={() => show(null)} />}
    </div>
  );
}
