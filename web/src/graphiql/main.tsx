import "graphiql/setup-workers/vite"; // TRICKY: first, or the editor looks for its workers before they have an address

import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./graphiql.css";

import { createRoot } from "react-dom/client";

import { shareTokenAmongTabs } from "../session/tabs";
import { takeTokenFromAddress } from "../session/token";
import { Page } from "./page";

takeTokenFromAddress();
void shareTokenAmongTabs().then(() => createRoot(document.getElementById("root")!).render(<Page />));
