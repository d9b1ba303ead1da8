import { Component, type ReactNode } from "react";

import { FaultNote } from "../parts/fault_note";

interface State {
  readonly caught: Error | null;
}

/** Shows what broke instead of an empty page; `key` it by address, so that going on mends it. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { caught: null };

  static getDerivedStateFromError(caught: Error): State {
    return { caught };
  }

  override render(): ReactNode {
    const { caught } = this.state;
    if (!caught) return this.props.children;
    return <FaultNote fault={{ kind: "INTERNAL", message: `This page broke: ${caught.message}.`, path: "" }} onRetry={() => location.reload()} />;
  }
}
