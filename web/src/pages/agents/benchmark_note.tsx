import { useSlice } from "../../filters/use_slice";
import { Empty } from "../../parts/empty";
import { reasonOf, type Benchmark } from "./benchmark";

/** Says why a team's numbers are not shown, and leads to where they are. */
export function BenchmarkNote({ benchmark }: { benchmark: Benchmark | null | undefined }) {
  const { slice, change } = useSlice();
  const reason = reasonOf(benchmark);
  if (reason === null) return null;
  return (
    <Empty>
      Your team’s numbers are not shown for this slice. {reason}{" "}
      <button type="button" className="controls" onClick={() => change({ ...slice, period: { preset: "last_month" }, timezone: "UTC", attribution: "event" })}>
        Show last month
      </button>
    </Empty>
  );
}
