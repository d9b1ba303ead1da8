import type { ReactNode } from "react";

/** Says that there is nothing, and what to do. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <p className="empty" role="status">
      {children}
    </p>
  );
}
