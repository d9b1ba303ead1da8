import { useEffect, useState, type FormEvent } from "react";

import { Told } from "../parts/told";
import { readDemoTokens, type DemoToken } from "./demo";
import { roleLabel } from "./roles";
import { parseToken } from "./token";
import "./sign_in.css";

interface Props {
  readonly title: string;
  /** Why a token is asked for. */
  readonly reason: string;
  readonly onToken: (token: string) => void;
}

/** Asks for a token; a demo offers its roles. */
export function SignIn({ title, reason, onToken }: Props) {
  const [word, setWord] = useState<string | null>(null);
  const roles = useDemoTokens();

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = parseToken(String(new FormData(event.currentTarget).get("token")));
    if (token) onToken(token);
    else setWord("That is not a bearer token. Paste it whole, in one piece.");
  };

  return (
    <div className="sign-in">
      <h1>{title}</h1>
      <p className="quiet"><Told text={reason} /></p>
      {roles.length > 0 && (
        <section aria-labelledby="demo-roles">
          <h2 id="demo-roles">This is a demo. Look at it as</h2>
          <ul className="roles">
            {roles.map((one) => (
              <li key={one.role}>
                <button type="button" onClick={() => onToken(one.token)}>
                  <span>{roleLabel(one.role)}</span>
                  <span className="quiet">{one.scope}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <form onSubmit={submit}>
        <label htmlFor="token">Bearer token</label>
        <div className="row">
          <input id="token" name="token" type="password" autoComplete="off" spellCheck={false} required autoFocus={roles.length === 0} />
          <button type="submit" className="primary">Sign in</button>
        </div>
        <p role="status" className="fault">{word}</p>
      </form>
    </div>
  );
}

/** The demo's tokens, once they are there. */
export function useDemoTokens(): readonly DemoToken[] {
  const [tokens, setTokens] = useState<readonly DemoToken[]>([]);
  useEffect(() => {
    let isGone = false;
    void readDemoTokens().then((found) => isGone || setTokens(found));
    return () => {
      isGone = true;
    };
  }, []);
  return tokens;
}
