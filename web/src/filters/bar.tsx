import { Menu } from "../parts/menu";
import { Popover } from "../parts/popover";
import { useSession } from "../session/session";
import { DIMENSION_NAMES, DIMENSIONS, dimensionInfo, type DimensionName } from "./dimensions";
import { FilterPicker } from "./filter_picker";
import { useLabels } from "./options";
import { PeriodPicker } from "./period_picker";
import { namePeriod } from "./periods";
import { COMPARISONS, withFilter, type ComparisonName, type Slice } from "./slice";
import { useSlice, type SliceState } from "./use_slice";
import { ZonePicker } from "./zone_picker";
import "./bar.css";

/** The one filter bar. It has no state of its own: what it shows is the address. */
export function FilterBar() {
  const state = useSlice();
  return (
    <div className="bar">
      <div className="bar-main">
        <Popover label="Period" className="control" face={<><span className="unseen">Period: </span><strong>{namePeriod(state.slice.period)}</strong></>}>
          {(close) => <PeriodPicker slice={state.slice} onPick={(period) => (state.change({ ...state.slice, period }), close())} />}
        </Popover>
        <OneOf
          label="Compared with"
          face={state.slice.compareTo === "none" ? "not compared" : `vs ${COMPARISONS[state.slice.compareTo]}`}
          words={COMPARISONS}
          chosen={state.slice.compareTo}
          onChoose={(compareTo: ComparisonName) => state.change({ ...state.slice, compareTo })}
        />
        <Chips {...state} />
      </div>
      <Counting {...state} />
    </div>
  );
}

/** How things are counted: zone, attribution, clock. */
function Counting({ slice, change }: SliceState) {
  return (
    <div className="bar-counting">
      <Popover label="Zone" side="end" className="control quiet" face={<><span className="unseen">Zone: </span>{slice.timezone.replaceAll("_", " ")}</>}>
        {(close) => <ZonePicker chosen={slice.timezone} onPick={(timezone) => (change({ ...slice, timezone }), close())} />}
      </Popover>
      <OneOf
        label="Counted by"
        face={slice.attribution === "event" ? "by event" : "by creation"}
        words={{ event: "When things happened", creation: "When their ticket was created" }}
        chosen={slice.attribution}
        onChoose={(attribution: Slice["attribution"]) => change({ ...slice, attribution })}
      />
      <OneOf
        label="Clock"
        face={slice.clock === "calendar" ? "calendar clock" : "business clock"}
        words={{ calendar: "Calendar: all hours", business: "Business: open hours" }}
        chosen={slice.clock}
        onChoose={(clock: Slice["clock"]) => change({ ...slice, clock })}
      />
    </div>
  );
}

interface OneOfProps<Word extends string> {
  readonly label: string;
  readonly face: string;
  readonly words: Readonly<Record<Word, string>>;
  readonly chosen: Word;
  readonly onChoose: (word: Word) => void;
}

function OneOf<Word extends string>({ label, face, words, chosen, onChoose }: OneOfProps<Word>) {
  return (
    <Popover label={label} kind="menu" className="control quiet" face={<><span className="unseen">{label}: </span>{face}</>}>
      {(close) => (
        <Menu label={label}>
          <div className="heading">{label}</div>
          {(Object.keys(words) as Word[]).map((word) => (
            <button key={word} type="button" role="menuitemradio" aria-checked={word === chosen} onClick={() => (close(), onChoose(word))}>
              {words[word]}
            </button>
          ))}
        </Menu>
      )}
    </Popover>
  );
}

/** One chip a dimension that is filtered by, and the way to another one. */
function Chips({ slice, change, toggle }: SliceState) {
  const { can } = useSession();
  const label = useLabels(slice);
  const names = DIMENSION_NAMES.filter((name) => (slice.filter[name] ?? []).length > 0);
  const offered = DIMENSION_NAMES.filter((name) => {
    const { capability } = dimensionInfo(name);
    return capability === undefined || can(capability);
  });
  const describe = (name: DimensionName): string => {
    const ids = slice.filter[name] ?? [];
    return ids.length > 2 ? `${ids.length} ${DIMENSIONS[name].plural}` : ids.map((id) => label(name, id)).join(" or ");
  };

  return (
    <>
      {names.map((name) => (
        <span key={name} className="chip">
          <Popover label={DIMENSIONS[name].label} className="chip-face" face={<><span className="quiet">{DIMENSIONS[name].label}</span> {describe(name)}</>}>
            {() => <FilterPicker slice={slice} offered={offered} start={name} onToggle={toggle} />}
          </Popover>
          <button type="button" className="chip-off" aria-label={`Remove the filter ${DIMENSIONS[name].label}`} onClick={() => change(withFilter(slice, name, []))}>
            ✕
          </button>
        </span>
      ))}
      <Popover label="Add a filter" className="control add" face={<><span aria-hidden="true">+</span> Filter</>}>
        {() => <FilterPicker slice={slice} offered={offered} start={null} onToggle={toggle} />}
      </Popover>
      {names.length > 1 && (
        <button type="button" className="control quiet" onClick={() => change({ ...slice, filter: {} })}>
          Clear
        </button>
      )}
    </>
  );
}
