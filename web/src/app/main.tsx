import "../theme.css";
import "./app.css";

import { createRoot } from "react-dom/client";

import { closeHintsOnEscape } from "../parts/close_hints";
import { shareTokenAmongTabs } from "../session/tabs";
import { takeTokenFromAddress } from "../session/token";
import { App } from "./app";
import { settleZone } from "./settle_zone";
import { showTheme } from "./theme";

showTheme();
takeTokenFromAddress();
// A link with a token, opened in a tab that shows the page already, changes the fragment alone.
addEventListener("hashchange", () => takeTokenFromAddress() && location.reload());
settleZone();
closeHintsOnEscape();
void shareTokenAmongTabs().then(() => createRoot(document.getElementById("root")!).render(<App />));
