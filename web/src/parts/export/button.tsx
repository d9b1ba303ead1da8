import { lazy, Suspense, useState } from "react";

import { useSession } from "../../session/session";
import { canExport, type ExportOrder } from "./order";

const ExportDialog = lazy(() => import("./dialog"));

/** Opens the export of what a page shows; nothing for who may not have it. */
export function ExportButton({ order }: { order: ExportOrder }) {
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  if (!canExport(can, order.report)) return null;
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>Export …</button>
      {isOpen && (
        <Suspense>
          <ExportDialog order={order} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
