import { useState } from "react";
import { useSearch } from "wouter";

import type { ReportPage } from "../graphql/graphql";
import { CopyButton } from "../parts/copy_button";
import { canExport, type ExportOrder } from "../parts/export/order";
import { useSession } from "../session/session";
import { SaveDialog } from "./save_dialog";
import { SavedDialog } from "./saved_dialog";
import "./saved.css";

/** Keeps the page as it is under a name, opens what was kept, and shares it by its link. */
export function Keeping({ page, order }: { page: ReportPage; order: ExportOrder }) {
  const query = useSearch();
  const { can } = useSession();
  const [shown, show] = useState<"save" | "saved" | null>(null);
  return (
    <div className="keeping">
      <button type="button" onClick={() => show("saved")}>Saved reports</button>
      <button type="button" onClick={() => show("save")}>Save …</button>
      <CopyButton what="link" text={() => location.href} />
      {shown === "save" && <SaveDialog page={page} query={query} order={canExport(can, order.report) ? order : null} onClose={() => show(null)} />}
      {shown === "saved" && <SavedDialog onClose={() => show(null)} />}
    </div>
  );
}
