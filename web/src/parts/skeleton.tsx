import type { CSSProperties } from "react";

import "./skeleton.css";

interface Props {
  readonly height: number;
  /** Where what will be there wraps: on a narrow screen. */
  readonly narrow?: number;
  readonly width?: number | string;
}

/** A grey place of the size of what will be there. */
export function Skeleton({ height, narrow = height, width }: Props) {
  const size = { "--height": `${height}px`, "--narrow": `${narrow}px`, width } as CSSProperties;
  return <span className="skeleton" aria-hidden="true" style={size} />;
}
