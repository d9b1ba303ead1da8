// The dimensions that a slice can be narrowed by.

import type { Dimension } from "../graphql/graphql";

export const UNSET = "none";

export interface Option {
  readonly id: string;
  readonly label: string;
}

interface DimensionInfo {
  readonly label: string;
  readonly plural: string;
  readonly dimension: Dimension;
  /** The values, where they are fixed. */
  readonly words?: readonly Option[];
  /** What naming a value needs. */
  readonly capability?: string;
}

const option = (id: string, label: string): Option => ({ id, label });

export const STATUSES = [
  option("new", "New"),
  option("open", "Open"),
  option("pending", "Pending"),
  option("on_hold", "On hold"),
  option("resolved", "Resolved"),
  option("closed", "Closed"),
] as const;

export const PRIORITIES = [option("low", "Low"), option("normal", "Normal"), option("high", "High"), option("urgent", "Urgent")] as const;

export const CHANNELS = [
  option("email", "Email"),
  option("web", "Web"),
  option("chat", "Chat"),
  option("phone", "Phone"),
  option("api", "API"),
  option("social", "Social"),
  option("other", "Other"),
] as const;

/** The dimensions by the name of their parameter, in the order in which they are offered. */
export const DIMENSIONS = {
  category: { label: "Category", plural: "categories", dimension: "CATEGORY" },
  priority: { label: "Priority", plural: "priorities", dimension: "PRIORITY", words: PRIORITIES },
  channel: { label: "Channel", plural: "channels", dimension: "CHANNEL", words: CHANNELS },
  status: { label: "Status", plural: "statuses", dimension: "STATUS", words: STATUSES },
  team: { label: "Team", plural: "teams", dimension: "TEAM" },
  agent: { label: "Agent", plural: "agents", dimension: "AGENT", capability: "agents:identity:read" },
  organization: { label: "Organization", plural: "organizations", dimension: "ORGANIZATION", capability: "organizations:identity:read" },
  tag: { label: "Tag", plural: "tags", dimension: "TAG" },
} as const satisfies Record<string, DimensionInfo>;

export type DimensionName = keyof typeof DIMENSIONS;

export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as readonly DimensionName[];

/** What a dimension is called, and which values it has. */
export const dimensionInfo = (name: DimensionName): DimensionInfo => DIMENSIONS[name];

/** The label of a fixed value, and of what is unset; else null: the store knows it. */
export function wordLabel(name: DimensionName, id: string): string | null {
  if (id === UNSET) return name === "agent" ? "Unassigned" : `No ${DIMENSIONS[name].label.toLowerCase()}`;
  return dimensionInfo(name).words?.find((word) => word.id === id)?.label ?? null;
}
