import { useSlice } from "../../filters/use_slice";
import { Empty } from "../../parts/empty";
import { silenceOf, type Benchmark } from "./benchmark";

/** Says why a team's numbers are not shown, and leads to where they are. */
export function BenchmarkNote({ benchmark }: { benchmark: Benchmark | null | undefined }) {
  const { slice, change } = useSlice();
  const silence = silenceOf(benchmark);
  if (silence === null) return null;
  if (!silence.isOfferedElse) return <Empty>Your team’s numbers are not shown for this slice. {silence.reason}</Empty>;
  return (
    <Empty>
      Your team’s numbers are shown for whole months that are over, in the zone UTC, counted by event.{" "}
      <button type="button" className="controls" onClick={() => change({ ...slice, period: { preset: "last_month" }, timezone: "UTC", attribution: "event" })}>
        Show last month that way
      </button>
    </Empty>
  );
}
