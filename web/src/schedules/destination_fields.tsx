import { offered, type Destinations, type Way } from "./draft";
import { Field, isAbout, type FieldProps } from "./fields";
import { OFF } from "./words";

const WAYS = { emails: "By e-mail", folder: "Into a folder" } as const satisfies Readonly<Record<Way, string>>;

/** Where to: what the gateway does not offer says why. */
export function DestinationFields({ draft, fault, onChange, destinations }: FieldProps & { readonly destinations: Destinations }) {
  const ways = offered(destinations);
  const { mailDomains } = destinations;
  return (
    <fieldset className="destination">
      <legend>Delivered</legend>
      {(Object.keys(WAYS) as Way[]).map((way) => (
        <div key={way}>
          <label>
            <input type="radio" name="way" value={way} checked={draft.way === way && ways.has(way)} disabled={!ways.has(way)} onChange={() => onChange({ way })} />
            {WAYS[way]}
          </label>
          {!ways.has(way) && <p className="quiet">{OFF[way]}</p>}
        </div>
      ))}
      {draft.way === "emails" && ways.has("emails") && (
        <Field label="Recipients" parameters={["emails"]} fault={fault} note={`Addresses of ${mailDomains.join(", ")}, separated by commas.`}>
          {(given) => <input {...given} inputMode="email" value={draft.emails} required autoComplete="off" spellCheck={false} onChange={(event) => onChange({ emails: event.target.value })} />}
        </Field>
      )}
      {draft.way === "folder" && ways.has("folder") && (
        <Field label="Folder" parameters={["folder"]} fault={fault} note="Its name, below the folder for deliveries on the gateway's machine.">
          {(given) => <input {...given} value={draft.folder} required autoComplete="off" spellCheck={false} onChange={(event) => onChange({ folder: event.target.value })} />}
        </Field>
      )}
      {ways.has(draft.way) || !isAbout(fault, ["emails", "folder"]) ? null : <p className="fault" role="alert">{fault?.message}</p>}
    </fieldset>
  );
}
