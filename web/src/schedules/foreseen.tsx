import { useAnswer } from "../api/use_answer";
import { NextDeliveriesDocument } from "../graphql/graphql";
import { timingOf, type Timing } from "./draft";
import { describeCadence, describeDue, ownZone } from "./words";

/** When it is delivered, in words, and when next, as the gateway works it out. */
export function Foreseen({ timing }: { timing: Timing }) {
  const { answer, isStale, fault } = useAnswer(NextDeliveriesDocument, timingOf(timing));
  const found = fault ?? answer?.faults[0];
  const due = isStale || found ? null : answer?.data.nextDeliveries?.[0];
  return (
    <p role="status" className="foreseen">
      {timing.time === "" ? "Give a time." : found ? found.message : `${describeCadence(timing)}.`}
      {due && timing.time !== "" && <span className="quiet"> Next on {describeDue(due, timing.timezone, ownZone())}.</span>}
    </p>
  );
}
