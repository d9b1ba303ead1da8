/** What a reader sees first: a report that answers before it is asked. */
export const DEFAULT_QUERY = `# The last 30 days at a glance.
# Ctrl+Enter runs it.
query Report {
  viewer {
    role
  }
  report(period: {preset: LAST_30_DAYS}) {
    asOf
    summary {
      openTickets {
        value
      }
      avgResponseTime {
        value
        median
        unit
      }
    }
  }
}
`;

/** The query and variables a link carries (`?query=...&variables=...`), each undefined where the link has none. */
export function readDeepLink(search: string): { query?: string; variables?: string } {
  const parameters = new URLSearchParams(search);
  return { query: parameters.get("query") || undefined, variables: parameters.get("variables") || undefined };
}
