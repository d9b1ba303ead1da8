import { useMemo } from "react";

import { ChoiceList, type Choice } from "../parts/choice_list";

/** Chooses an IANA zone. */
export function ZonePicker({ chosen, onPick }: { chosen: string; onPick: (zone: string) => void }) {
  const zones = useMemo(() => zoneChoices(chosen), [chosen]);
  return <ChoiceList label="Search zones" choices={zones} chosen={[chosen]} onChoose={onPick} />;
}

/** Every zone with the hours that it is off UTC now: the reader's own and UTC first. */
export function zoneChoices(chosen: string): readonly Choice[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = new Set([chosen, own, "UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [...zones].map((id) => ({ id, label: id.replaceAll("_", " "), note: offsetOf(id) }));
}

function offsetOf(zone: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(new Date());
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}
