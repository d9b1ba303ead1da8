// Which numbers lead to their tickets.

type Can = (capability: string) => boolean;

const OF_RATINGS: ReadonlySet<string> = new Set(["csatScore"]);

/** Whether the scores of single tickets are shown: of those who see agents this needs more. */
export const canSeeScores = (can: Can): boolean => can("csat:score:read") && (!can("reports:agents:read") || can("csat:agent:read"));

/** Whether the tickets behind a metric are shown. Those behind ratings would tell whose they are. */
export const canSeeBehind = (can: Can, metric: string): boolean =>
  can("tickets:detail:read") && (!OF_RATINGS.has(metric) || canSeeScores(can));
