import type { ReactNode } from "react";

import { daysOf } from "../../filters/periods";
import { useSlice } from "../../filters/use_slice";
import { ChoiceList } from "../../parts/choice_list";
import { Menu } from "../../parts/menu";
import { Popover } from "../../parts/popover";
import { useSession } from "../../session/session";
import { refusalOf as grainRefusal } from "../trends/grain";
import { offeredGroups } from "./allowed";
import { BoundForm } from "./bound_form";
import { describeBound } from "./bounds";
import { GRAINS, MAX_GROUPS, toggleGroup, toggleMetric, withBound, type Choice } from "./choice";
import { grainOf } from "./document";
import { GROUPS } from "./groups";
import { useChoice, type ChoiceState } from "./use_choice";

/** Says what a report is made of: metrics, by dimensions, of the rows within bounds. */
export function Composer() {
  const state = useChoice();
  return (
    <div className="composer controls" role="group" aria-label="What to show">
      <Metrics {...state} />
      <Groups {...state} />
      <Bounds {...state} />
    </div>
  );
}

function Metrics({ choice, columns, shown, choose }: ChoiceState) {
  const offered = [...columns.values()].map(({ name, label }) => ({ id: name, label }));
  return (
    <Line word="Show">
      {shown.map(({ name, label, definition }) => (
        <Chip key={name} label={label} note={definition} onOff={choice.metrics.length > 1 ? () => choose(toggleMetric(choice, name)) : null} />
      ))}
      <Popover label="Add a metric" className="control add" face={<><span aria-hidden="true">+</span> Metric</>}>
        {() => <ChoiceList label="Search metrics" choices={offered} chosen={choice.metrics} hasMany onChoose={(name) => choose(toggleMetric(choice, name))} />}
      </Popover>
    </Line>
  );
}

function Groups({ choice, shown, choose }: ChoiceState) {
  const { can } = useSession();
  const offered = offeredGroups(can, shown).map((id) => ({ id, label: GROUPS[id].label }));
  const isOnly = choice.by.length === 1;
  return (
    <Line word="by">
      {choice.by.map((name) => (
        <Chip key={name} label={GROUPS[name].label} aside={name === "time" && <GrainPicker choice={choice} choose={choose} />} onOff={isOnly ? null : () => choose(toggleGroup(choice, name))} />
      ))}
      <Popover label="Add a dimension" className="control add" face={<><span aria-hidden="true">+</span> Dimension</>}>
        {() => (
          <ChoiceList
            label={choice.by.length < MAX_GROUPS ? "Search dimensions" : "Four are chosen: take one out first"}
            choices={offered}
            chosen={choice.by}
            hasMany
            onChoose={(id) => choose(toggleGroup(choice, offered.find((one) => one.id === id)?.id ?? "time"))}
          />
        )}
      </Popover>
    </Line>
  );
}

/** How wide the buckets of time are. */
function GrainPicker({ choice, choose }: Pick<ChoiceState, "choice" | "choose">) {
  const { slice } = useSlice();
  const days = daysOf(slice.period, slice.timezone, new Date());
  const shown = grainOf(choice, slice, new Date()).toLowerCase();
  return (
    <Popover label="Grain" kind="menu" className="chip-face" face={<><span className="quiet">by </span>{shown}</>}>
      {(close) => (
        <Menu label="Grain">
          <button type="button" role="menuitemradio" aria-checked={choice.grain === null} onClick={() => (close(), choose({ ...choice, grain: null }))}>
            As the period asks for
          </button>
          {GRAINS.filter((grain) => grainRefusal(grain, days) === null).map((grain) => (
            <button key={grain} type="button" role="menuitemradio" aria-checked={grain === choice.grain} onClick={() => (close(), choose({ ...choice, grain }))}>
              {grain.charAt(0).toUpperCase() + grain.slice(1)}
            </button>
          ))}
        </Menu>
      )}
    </Popover>
  );
}

function Bounds({ choice, columns, choose }: ChoiceState) {
  const { metric } = useSession();
  const offered = [...columns.values()].filter(({ detail }) => detail === null);
  const change = (close: () => void) => (name: string, bound: Choice["bounds"][number] | null): void => {
    close();
    choose(withBound(choice, name, bound));
  };
  return (
    <Line word="where">
      {choice.bounds.map((bound) => (
        <span key={bound.metric} className="chip">
          <Popover label={`Bounds of ${metric(bound.metric).label}`} className="chip-face" face={<><span className="quiet">{metric(bound.metric).label}</span> {describeBound(bound, metric(bound.metric))}</>}>
            {(close) => <BoundForm metrics={offered} bound={bound} onBound={change(close)} />}
          </Popover>
          <Off label={`Remove the bounds of ${metric(bound.metric).label}`} onOff={() => choose(withBound(choice, bound.metric, null))} />
        </span>
      ))}
      <Popover label="Add bounds" className="control add" face={<><span aria-hidden="true">+</span> Bounds</>}>
        {(close) => <BoundForm metrics={offered.filter(({ name }) => !choice.bounds.some((bound) => bound.metric === name))} bound={null} onBound={change(close)} />}
      </Popover>
    </Line>
  );
}

function Line({ word, children }: { word: string; children: ReactNode }) {
  return (
    <div className="composer-line">
      <span className="composer-word">{word}</span>
      {children}
    </div>
  );
}

/** One thing that was chosen; the last of its kind cannot be taken out. */
function Chip({ label, note, aside, onOff }: { label: string; note?: string; aside?: ReactNode; onOff: (() => void) | null }) {
  return (
    <span className="chip" title={note}>
      <span className="chip-name">{label}</span>
      {aside}
      {onOff && <Off label={`Remove ${label}`} onOff={onOff} />}
    </span>
  );
}

function Off({ label, onOff }: { label: string; onOff: () => void }) {
  return (
    <button type="button" className="chip-off" aria-label={label} onClick={onOff}>
      ✕
    </button>
  );
}
