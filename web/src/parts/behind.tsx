import type { ReactNode } from "react";
import { Link } from "wouter";

import { addressFor } from "../filters/use_slice";
import type { Slice } from "../filters/slice";
import { canSeeBehind } from "../session/behind";
import { useSession } from "../session/session";

/** A number that leads to the tickets behind it, where the viewer may see them. */
export function Behind({ metric, slice, children }: { metric: string; slice: Slice; children: ReactNode }) {
  const { can } = useSession();
  if (!canSeeBehind(can, metric)) return <>{children}</>;
  return <Link href={addressFor("/tickets", slice, { metric })}>{children}</Link>;
}
