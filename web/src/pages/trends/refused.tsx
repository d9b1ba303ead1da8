import type { ReactNode } from "react";

/** Why a part is not shown, in its place, and what leads to where it is. */
export const Refused = ({ reason, children }: { reason: string; children?: ReactNode }) => (
  <p className="refused">
    {reason} {children}
  </p>
);
