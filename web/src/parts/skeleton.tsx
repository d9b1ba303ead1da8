import "./skeleton.css";

/** A grey place of the size of what will be there. */
export function Skeleton({ height, width }: { height: number; width?: number | string }) {
  return <span className="skeleton" aria-hidden="true" style={{ height, width }} />;
}
