// Roles and scopes in words.

import type { Viewer } from "./session";

/** team_lead or TEAM_LEAD as Team lead. */
export function roleLabel(role: string): string {
  const words = role.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Which tickets a viewer sees, in a few words. */
export function scopeLabel({ kind, ids }: Viewer["scope"]): string {
  switch (kind) {
    case "ALL":
      return "all tickets";
    case "SELF":
      return "own tickets";
    case "TEAMS":
      return ids.length === 1 ? `team ${ids[0]}` : `${ids.length} teams`;
    case "ORGANIZATION":
      return `organization ${ids[0] ?? ""}`;
  }
}
