import type { ReactNode } from "react";
import { Link } from "wouter";

import { addressFor } from "../filters/use_slice";
import type { Slice } from "../filters/slice";
import { canSeeBehind } from "../session/behind";
import { useSession } from "../session/session";

interface Props {
  readonly metric: string;
  readonly slice: Slice;
  /** What of the metric, where it is not all of it: `of`, `bucket`, ... as Tickets takes them. */
  readonly part?: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

/** A number that leads to the tickets behind it, where the viewer may see them. */
export function Behind({ metric, slice, part, children }: Props) {
  const { can } = useSession();
  if (!canSeeBehind(can, metric)) return <>{children}</>;
  return <Link href={addressFor("/tickets", slice, { metric, ...part })}>{children}</Link>;
}
