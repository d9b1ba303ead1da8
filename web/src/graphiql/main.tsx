import "graphiql/setup-workers/vite"; // TRICKY: first, or the editor looks for its workers before they have an address

import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./graphiql.css";

import { createRoot } from "react-dom/client";

import { takeTokenFromAddress } from "../session/token";
import { Page } from "./page";

takeTokenFromAddress();
createRoot(document.getElementById("root")!).render(<Page />);
