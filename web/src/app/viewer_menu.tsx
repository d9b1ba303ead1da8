import { useState } from "react";

import { Menu } from "../parts/menu";
import { Popover } from "../parts/popover";
import { roleLabel, scopeLabel } from "../session/roles";
import { useSession } from "../session/session";
import { useDemoTokens } from "../session/sign_in";
import { chooseTheme, readTheme, THEMES, type Theme } from "./theme";

/** Who looks, as which role; the way to another role, another theme, and out. */
export function ViewerMenu({ onKeys }: { onKeys: () => void }) {
  const { viewer } = useSession();
  return (
    <div className="viewer">
      <Popover
        label="Viewer"
        side="end"
        kind="menu"
        className="bare"
        face={
          <>
            {roleLabel(viewer.role)} <span className="quiet">· {scopeLabel(viewer.scope)}</span>
          </>
        }
      >
        {(close) => <Items close={close} onKeys={onKeys} />}
      </Popover>
    </div>
  );
}

function Items({ close, onKeys }: { close: () => void; onKeys: () => void }) {
  const { viewer, signIn, signOut } = useSession();
  const [theme, setTheme] = useState(readTheme);
  const roles = useDemoTokens();
  const choose = (next: Theme): void => {
    chooseTheme(next);
    setTheme(next);
  };
  const then = (action: () => void) => (): void => {
    close();
    action();
  };

  return (
    <Menu label="Viewer">
      {roles.length > 0 && <div className="heading">Look at the demo as</div>}
      {roles.map((one) => (
        <button key={one.role} type="button" role="menuitemradio" aria-checked={one.role.toUpperCase() === viewer.role} onClick={then(() => signIn(one.token))}>
          {roleLabel(one.role)}
        </button>
      ))}
      <div className="heading">Colours</div>
      {(Object.keys(THEMES) as Theme[]).map((one) => (
        <button key={one} type="button" role="menuitemradio" aria-checked={one === theme} onClick={() => choose(one)}>
          {THEMES[one]}
        </button>
      ))}
      <hr />
      <button type="button" role="menuitem" onClick={then(onKeys)}>
        Keys
      </button>
      <button type="button" role="menuitem" onClick={then(() => print())}>
        Print
      </button>
      <button type="button" role="menuitem" onClick={then(signOut)}>
        Sign out
      </button>
    </Menu>
  );
}
