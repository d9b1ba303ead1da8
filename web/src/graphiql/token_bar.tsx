import { type FormEvent, useState } from "react";

import { Told } from "../parts/told";
import { isGivenByHeader, parseToken } from "../session/token";

interface Props {
  token: string;
  refusal: string | null;
  onChange: (token: string) => void;
}

export function TokenBar({ token, refusal, onChange }: Props) {
  const [pasted, setPasted] = useState("");
  const [isMalformed, setIsMalformed] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = parseToken(pasted);
    setIsMalformed(parsed === null);
    if (parsed === null) return;
    setPasted("");
    onChange(parsed);
  }

  return (
    <header className="token-bar">
      <a className="name" href="/">
        deskgraph
      </a>
      <form onSubmit={submit}>
        <label htmlFor="token">Bearer token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder={token ? "In use for this tab; paste another to replace it" : "Paste a token"}
          value={pasted}
          onChange={(event) => {
            setPasted(event.target.value);
            setIsMalformed(false);
          }}
        />
        <button type="submit">Use token</button>
        {token && (
          <button type="button" onClick={() => onChange("")}>
            Forget
          </button>
        )}
      </form>
      <Message token={token} refusal={refusal} isMalformed={isMalformed} />
    </header>
  );
}

function Message({ token, refusal, isMalformed }: Omit<Props, "onChange"> & { isMalformed: boolean }) {
  if (isMalformed) {
    return (
      <p className="fault" role="alert">
        That is not a bearer token: it has other characters than letters, digits and - . _ ~ + / =. Paste it again.
      </p>
    );
  }
  if (!token && isGivenByHeader()) return <p role="status">The portal says who you are.</p>;
  if (!token) {
    return (
      <p role="status">
        No token is set, so queries will be refused. <code>make run</code> prints one for each role;{" "}
        <code>deskgraph token --role ROLE</code> makes another.
      </p>
    );
  }
  if (refusal !== null) {
    return (
      <p className="fault" role="alert">
        The gateway refused this token: <Told text={refusal.replace(/\.$/, "")} />. Paste another.
      </p>
    );
  }
  return null;
}
