import { usePathname } from "wouter/use-browser-location";

import { AgentPage } from "../agent/page";
import { agentIn } from "./address";
import { AgentsPage } from "./agents_page";

/** All agents, or the one that the address names. */
export default function Agents() {
  const id = agentIn(usePathname());
  return id === null ? <AgentsPage /> : <AgentPage key={id} id={id} />;
}
