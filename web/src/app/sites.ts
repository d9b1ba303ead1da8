// The pages: where each one is, what it answers, who may see it, and the key that leads there.

import { lazy, type ComponentType } from "react";

import { PART_NAMES } from "../pages/tickets/number";

export interface Site {
  readonly path: string;
  readonly name: string;
  /** The question that the page answers, which is its title; null where its answer makes the title. */
  readonly question: string | null;
  readonly capability: string;
  /** After g. */
  readonly letter: string;
  readonly Page: ComponentType;
  /** The parameters of the page's own, beside the slice's. */
  readonly own: readonly string[];
}

const site = (
  path: string,
  name: string,
  letter: string,
  capability: string,
  question: string | null,
  load: () => Promise<{ default: ComponentType }>,
  own: readonly string[],
): Site => ({ path, name, question, capability, letter, Page: lazy(load), own });

/** How much of a list is shown, and in which order. */
const LIST = ["sort", "limit", "cursor"] as const;

/** In the order of the navigation. */
export const SITES: readonly Site[] = [
  site("/", "Overview", "o", "reports:summary:read", "How is support doing?", () => import("../pages/overview/page"), []),
  site("/performance", "Performance", "p", "reports:performance:read", "How fast do we answer and resolve?", () => import("../pages/performance/page"), []),
  site("/agents", "Agents", "a", "reports:agents:read", "Who does what, and how fast?", () => import("../pages/agents/page"), ["search", ...LIST, "grain"]),
  site("/trends", "Trends", "t", "reports:trends:read", "What changes, and what repeats?", () => import("../pages/trends/page"), ["grain", "scale"]),
  site("/explore", "Explore", "e", "queries:adhoc:run", "What do you want to know?", () => import("../pages/explore/page"), ["metric", "by", "grain", "having", "view", ...LIST]),
  site("/tickets", "Tickets", "i", "tickets:detail:read", null, () => import("../pages/tickets/page"), ["metric", ...PART_NAMES, ...LIST]),
];

/** The site that an address belongs to. */
export const siteOf = (path: string): Site | undefined =>
  SITES.find((one) => path === one.path || (one.path !== "/" && path.startsWith(`${one.path}/`)));
