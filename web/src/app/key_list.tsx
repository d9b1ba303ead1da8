import { Dialog } from "../parts/dialog";
import { SITES } from "./sites";
import "./key_list.css";

/** The keys that work everywhere. */
export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="key-list">
        <Row keys={["/"]} what="Filters" />
        {SITES.map((site) => (
          <Row key={site.path} keys={["g", site.letter]} what={site.name} />
        ))}
        <Row keys={["←", "→"]} what="In a chart: from bucket to bucket" />
        <Row keys={["Enter"]} what="In a chart: the bucket as the period" />
        <Row keys={["?"]} what="This list" />
        <Row keys={["Esc"]} what="Close" />
      </dl>
    </Dialog>
  );
}

function Row({ keys, what }: { keys: readonly string[]; what: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </div>
  );
}
