/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** EVENT: a fact counts in the period of its own anchor. CREATION: in that of its ticket's creation. */
export type Attribution =
  | 'CREATION'
  | 'EVENT';

export type Basis =
  | 'COMPARISON'
  | 'HALVES';

/** Which way a metric improves. */
export type Better =
  | 'HIGHER'
  | 'LOWER'
  | 'NEITHER';

/** How often a report is delivered. */
export type Cadence =
  | 'DAILY'
  | 'MONTHLY'
  | 'WEEKLY';

/** CALENDAR: all seconds that pass. BUSINESS: those in which the desk is open. */
export type Clock =
  | 'BUSINESS'
  | 'CALENDAR';

/** What a period is compared with. */
export type Comparison =
  | 'PREVIOUS_PERIOD'
  | 'PREVIOUS_YEAR'
  | 'PREVIOUS_YEAR_WEEKDAYS';

/** What became of one due instant. */
export type DeliveryState =
  | 'DELIVERED'
  | 'FAILED'
  | 'REFUSED'
  | 'RUNNING'
  | 'SENDING'
  | 'UNCERTAIN'
  | 'WAITING';

/** What reports are grouped by. TIME needs a grain. */
export type Dimension =
  | 'AGENT'
  | 'CATEGORY'
  | 'CHANNEL'
  | 'DAY_OF_WEEK'
  | 'HOUR_OF_DAY'
  | 'ORGANIZATION'
  | 'PRIORITY'
  | 'STATUS'
  | 'TAG'
  | 'TEAM'
  | 'TIME';

/** Which way rows are ordered; what is null comes last. */
export type Direction =
  | 'ASC'
  | 'DESC';

/** How far an export is. */
export type ExportState =
  | 'CANCELLED'
  | 'DONE'
  | 'FAILED'
  | 'QUEUED'
  | 'RUNNING';

/** The width of a bucket of time. */
export type Grain =
  | 'DAY'
  | 'HOUR'
  | 'MONTH'
  | 'QUARTER'
  | 'WEEK'
  | 'YEAR';

/** Conditions on one dimension; all that are given must hold. Ids are the source's own. */
export type IdFilter = {
  /** It is one of these. */
  in?: Array<string | number> | null | undefined;
  /** true: it is unset; false: it is set. */
  isNull?: boolean | null | undefined;
  /** It is none of these; what is unset stays. */
  notIn?: Array<string | number> | null | undefined;
};

/** The metrics of the catalogue. */
export type MetricName =
  | 'AVG_RESOLUTION_TIME'
  | 'AVG_RESPONSE_TIME'
  | 'BREACHED_TICKETS'
  | 'CSAT_SCORE'
  | 'FIRST_RESOLUTION_TIME'
  | 'FIRST_TIME_RESOLUTION_RATE'
  | 'OPEN_TICKETS'
  | 'RATING_RATE'
  | 'REOPENS'
  | 'REOPEN_RATE'
  | 'RESOLUTIONS'
  | 'RESOLUTION_RATE'
  | 'RESPONSE_RATE'
  | 'TICKETS_CREATED'
  | 'TICKETS_RESOLVED'
  | 'UNASSIGNED_TICKETS';

/** Order rows by a metric or by a dimension: exactly one of the two. */
export type OrderBy = {
  dimension?: Dimension | null | undefined;
  direction?: Direction;
  metric?: MetricName | null | undefined;
};

export type Part =
  | 'ANOMALIES'
  | 'DECOMPOSITION'
  | 'FORECAST'
  | 'MONTH'
  | 'WEEKDAY';

/** A preset, or since and until: a date (start of that local day) or a date-time with offset. */
export type PeriodInput = {
  preset?: Preset | null | undefined;
  /** The first instant; a date or a date-time with offset. */
  since?: string | null | undefined;
  /** The first instant after it; excluded. */
  until?: string | null | undefined;
};

/** A period by name, taken in the report's zone. */
export type Preset =
  | 'LAST_7_DAYS'
  | 'LAST_30_DAYS'
  | 'LAST_90_DAYS'
  | 'LAST_365_DAYS'
  | 'LAST_MONTH'
  | 'LAST_QUARTER'
  | 'LAST_WEEK'
  | 'LAST_YEAR'
  | 'THIS_MONTH'
  | 'THIS_QUARTER'
  | 'THIS_WEEK'
  | 'THIS_YEAR'
  | 'TODAY'
  | 'YESTERDAY';

/** The web UI's pages that show a report. */
export type ReportPage =
  | 'AGENTS'
  | 'EXPLORE'
  | 'OVERVIEW'
  | 'PERFORMANCE'
  | 'TICKETS'
  | 'TRENDS';

/** What a person is to the support portal. */
export type Role =
  | 'ADMIN'
  | 'AGENT'
  | 'ANALYST'
  | 'CLIENT'
  | 'MANAGER'
  | 'TEAM_LEAD';

/** Whether a schedule's report is delivered. */
export type ScheduleState =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'PAUSED';

/** Which rows a viewer may see. */
export type ScopeKind =
  | 'ALL'
  | 'ORGANIZATION'
  | 'SELF'
  | 'TEAMS';

/** How a live source fares. */
export type SourceState =
  | 'FAILING'
  | 'FOLLOWING'
  | 'LOADING';

/** Where a ticket stands. */
export type Status =
  | 'CLOSED'
  | 'DELETED'
  | 'MERGED'
  | 'NEW'
  | 'ON_HOLD'
  | 'OPEN'
  | 'PENDING'
  | 'RESOLVED'
  | 'SPAM';

/** Why a number is withheld. SMALL_GROUP: its group, or one that it would give away, is small. SMALL_PART: a part of it is of such a group. NOT_OFFERED: it is asked in a way in which the role is shown no such number. */
export type Suppression =
  | 'NOT_OFFERED'
  | 'SMALL_GROUP'
  | 'SMALL_PART';

/** The numbers of a TargetValue. */
export type TargetNumber =
  | 'COUNT'
  | 'OPEN_BREACHED'
  | 'WITHIN_TARGET'
  | 'WITHOUT_TARGET'
  | 'WITH_TARGET';

/** What became of an SLA target, as of the report's asOf. */
export type TargetState =
  | 'MET'
  | 'MISSED'
  | 'RUNNING';

/** Which tickets' facts count. All that is given must hold. */
export type TicketFilter = {
  agent?: IdFilter | null | undefined;
  /** All of these hold. */
  and?: Array<TicketFilter> | null | undefined;
  category?: IdFilter | null | undefined;
  channel?: IdFilter | null | undefined;
  /** At least one of these holds. */
  or?: Array<TicketFilter> | null | undefined;
  organization?: IdFilter | null | undefined;
  priority?: IdFilter | null | undefined;
  status?: IdFilter | null | undefined;
  tag?: IdFilter | null | undefined;
  team?: IdFilter | null | undefined;
};

/** An order of tickets; what is unknown comes last either way. */
export type TicketOrder = {
  by: TicketSort;
  direction?: Direction;
};

/** What tickets are ordered by; DURATION is on the asked clock. */
export type TicketSort =
  | 'AT'
  | 'CREATED_AT'
  | 'DURATION'
  | 'PRIORITY'
  | 'SCORE';

/** What a number counts. */
export type Unit =
  | 'EVENTS'
  | 'RATIO'
  | 'SCORE'
  | 'SECONDS'
  | 'TICKETS';

/** A day of the week. */
export type Weekday =
  | 'FRIDAY'
  | 'MONDAY'
  | 'SATURDAY'
  | 'SUNDAY'
  | 'THURSDAY'
  | 'TUESDAY'
  | 'WEDNESDAY';

export type ChangesSubscriptionVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  satisfaction: boolean;
}>;


export type ChangesSubscription = { reportChanged: { dataVersion: string, metrics: { openTickets: { value: number | null } | null, unassignedTickets: { value: number | null } | null, breachedTickets: { value: number | null } | null, ticketsCreated: { value: number | null } | null, ticketsResolved: { value: number | null } | null, reopens: { value: number | null } | null, avgResponseTime: { value: number | null, count: number | null } | null, resolutionRate: { value: number | null, count: number | null } | null, avgResolutionTime: { value: number | null, count: number | null } | null, csatScore?: { value: number | null, count: number | null } | null } } };

export type MovingFragment = { openTickets: { value: number | null } | null, unassignedTickets: { value: number | null } | null, breachedTickets: { value: number | null } | null, ticketsCreated: { value: number | null } | null, ticketsResolved: { value: number | null } | null, reopens: { value: number | null } | null, avgResponseTime: { value: number | null, count: number | null } | null, resolutionRate: { value: number | null, count: number | null } | null, avgResolutionTime: { value: number | null, count: number | null } | null, csatScore?: { value: number | null, count: number | null } | null };

export type DataAgeQueryVariables = Exact<{ [key: string]: never; }>;


export type DataAgeQuery = { sources: Array<{ lagSeconds: number | null, isStale: boolean, state: SourceState }> | null };

export type PulseQueryVariables = Exact<{
  timezone: string;
  filter?: TicketFilter | null | undefined;
}>;


export type PulseQuery = { report: { dataVersion: string } | null };

export type EnvelopeFragment = { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> };

type Number_DurationValue_Fragment = { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

type Number_PlainValue_Fragment = { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

type Number_SatisfactionValue_Fragment = { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

type Number_TargetValue_Fragment = { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

export type NumberFragment =
  | Number_DurationValue_Fragment
  | Number_PlainValue_Fragment
  | Number_SatisfactionValue_Fragment
  | Number_TargetValue_Fragment
;

export type PickedFragment = { total: number, nodes: Array<{ id: string, name: string }> };

export type PickedAgentsFragment = { total: number, nodes: Array<{ id: string, name: string }> };

export type OptionsQueryVariables = Exact<{
  by: Array<Dimension> | Dimension;
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  search?: string | null | undefined;
  ofCategories: boolean;
  ofTeams: boolean;
  ofAgents: boolean;
  ofOrganizations: boolean;
  ofTags: boolean;
}>;


export type OptionsQuery = { report: { breakdown: { total: number, rows: Array<{ keys: Array<{ id: string | null, label: string | null }>, metrics: { ticketsCreated: { value: number | null, suppressed: boolean } | null } }> } | null } | null, categories?: { total: number, nodes: Array<{ id: string, name: string }> } | null, teams?: { total: number, nodes: Array<{ id: string, name: string }> } | null, agents?: { total: number, nodes: Array<{ id: string, name: string }> } | null, organizations?: { total: number, nodes: Array<{ id: string, name: string }> } | null, tags?: { total: number, nodes: Array<{ id: string, name: string }> } | null };

export type LabelsQueryVariables = Exact<{
  categories?: Array<string | number> | string | number | null | undefined;
  teams?: Array<string | number> | string | number | null | undefined;
  agents?: Array<string | number> | string | number | null | undefined;
  organizations?: Array<string | number> | string | number | null | undefined;
  tags?: Array<string | number> | string | number | null | undefined;
  ofCategories: boolean;
  ofTeams: boolean;
  ofAgents: boolean;
  ofOrganizations: boolean;
  ofTags: boolean;
}>;


export type LabelsQuery = { categories?: { total: number, nodes: Array<{ id: string, name: string }> } | null, teams?: { total: number, nodes: Array<{ id: string, name: string }> } | null, agents?: { total: number, nodes: Array<{ id: string, name: string }> } | null, organizations?: { total: number, nodes: Array<{ id: string, name: string }> } | null, tags?: { total: number, nodes: Array<{ id: string, name: string }> } | null };

export type AgentQueryVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  others?: TicketFilter | null | undefined;
  agent: TicketFilter;
  compareTo?: Array<Comparison> | Comparison | null | undefined;
  attribution: Attribution;
  clock: Clock;
  grain: Grain;
  ratings: boolean;
  teams: boolean;
  benchmark: boolean;
}>;


export type AgentQuery = { report: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, metrics: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopenRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null }, series: { starts: Array<string>, isPartial: Array<boolean>, groups: Array<{ metrics: { ticketsCreated: { values: Array<number | null> } | null, ticketsResolved: { values: Array<number | null> } | null, avgResponseTime: { values: Array<number | null>, counts: Array<number | null> } | null, resolutionRate: { values: Array<number | null>, counts: Array<number | null> } | null } }> } | null, performance: { responseTimeDistribution: { count: number, mean: number | null, median: number | null, p90: number | null, p95: number | null, buckets: Array<{ from: number, to: number | null, count: number, share: number | null }> }, ticketsByCategory: Array<{ count: number, share: number | null, category: { id: string, name: string } | null }> } | null, benchmark?: { team: { id: string, name: string }, metrics: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopenRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null } } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } | null, person: { agents: { rows: Array<{ agent: { id: string, name: string, active: boolean, team: { id: string, name: string } | null } | null }> } | null } | null, teams?: { breakdown: { rows: Array<{ keys: Array<{ id: string | null, label: string | null }>, metrics: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopenRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null } }> } | null, series: { groups: Array<{ key: { id: string | null } | null, metrics: { ticketsCreated: { values: Array<number | null> } | null, ticketsResolved: { values: Array<number | null> } | null, avgResponseTime: { values: Array<number | null>, counts: Array<number | null> } | null, resolutionRate: { values: Array<number | null>, counts: Array<number | null> } | null } }> } | null } | null };

export type WorkFragment = { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopenRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null };

export type CourseFragment = { ticketsCreated: { values: Array<number | null> } | null, ticketsResolved: { values: Array<number | null> } | null, avgResponseTime: { values: Array<number | null>, counts: Array<number | null> } | null, resolutionRate: { values: Array<number | null>, counts: Array<number | null> } | null };

export type AgentChangesSubscriptionVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  grain: Grain;
  ratings: boolean;
  own: boolean;
  teams: boolean;
}>;


export type AgentChangesSubscription = { reportChanged: { dataVersion: string, metrics?: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopenRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null }, series?: { groups: Array<{ metrics: { ticketsCreated: { values: Array<number | null> } | null, ticketsResolved: { values: Array<number | null> } | null, avgResponseTime: { values: Array<number | null>, counts: Array<number | null> } | null, resolutionRate: { values: Array<number | null>, counts: Array<number | null> } | null } }> } | null, performance?: { responseTimeDistribution: { median: number | null, p90: number | null, p95: number | null, buckets: Array<{ count: number }> }, ticketsByCategory: Array<{ count: number, category: { id: string, name: string } | null }> } | null, agents?: { rows: Array<{ agent: { name: string, active: boolean, team: { id: string, name: string } | null } | null }> } | null, breakdown?: { rows: Array<{ keys: Array<{ id: string | null, label: string | null }>, metrics: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopenRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null } }> } | null, byTeam?: { groups: Array<{ key: { id: string | null } | null, metrics: { ticketsCreated: { values: Array<number | null> } | null, ticketsResolved: { values: Array<number | null> } | null, avgResponseTime: { values: Array<number | null>, counts: Array<number | null> } | null, resolutionRate: { values: Array<number | null>, counts: Array<number | null> } | null } }> } | null } };

export type AgentsQueryVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  compareTo?: Array<Comparison> | Comparison | null | undefined;
  attribution: Attribution;
  clock: Clock;
  first: number;
  after?: string | null | undefined;
  orderBy?: Array<OrderBy> | OrderBy | null | undefined;
  search?: string | null | undefined;
  ratings: boolean;
  benchmark: boolean;
}>;


export type AgentsQuery = { report: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, agents: { total: number, nextCursor: string | null, rows: Array<{ ticketsCreated: number, ticketsResolved: number, openTickets: number | null, agent: { id: string, name: string, active: boolean, team: { id: string, name: string } | null } | null, responseTime: { mean: number | null, median: number | null, p90: number | null, count: number }, resolutionTime: { mean: number | null, median: number | null, p90: number | null, count: number }, resolutionRate: { value: number | null, count: number }, rating?: { csatScore: number | null, average: number | null, count: number } | null }> } | null, metrics: { ticketsCreated: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null }, benchmark?: { team: { id: string, name: string }, metrics: { ticketsCreated: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null } } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } | null };

export type LastingFragment = { mean: number | null, median: number | null, p90: number | null, count: number };

export type TogetherFragment = { ticketsCreated: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { median: number | null, p90: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null };

type Figure_DurationValue_Fragment = { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

type Figure_PlainValue_Fragment = { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

type Figure_SatisfactionValue_Fragment = { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

type Figure_TargetValue_Fragment = { value: number | null, count: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null };

export type FigureFragment =
  | Figure_DurationValue_Fragment
  | Figure_PlainValue_Fragment
  | Figure_SatisfactionValue_Fragment
  | Figure_TargetValue_Fragment
;

export type AgentsChangesSubscriptionVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  satisfaction: boolean;
  first: number;
  after?: string | null | undefined;
  orderBy?: Array<OrderBy> | OrderBy | null | undefined;
  search?: string | null | undefined;
  ratings: boolean;
}>;


export type AgentsChangesSubscription = { reportChanged: { dataVersion: string, metrics: { openTickets: { value: number | null } | null, unassignedTickets: { value: number | null } | null, breachedTickets: { value: number | null } | null, ticketsCreated: { value: number | null } | null, ticketsResolved: { value: number | null } | null, reopens: { value: number | null } | null, avgResponseTime: { value: number | null, count: number | null } | null, resolutionRate: { value: number | null, count: number | null } | null, avgResolutionTime: { value: number | null, count: number | null } | null, csatScore?: { value: number | null, count: number | null } | null }, agents: { total: number, rows: Array<{ ticketsCreated: number, ticketsResolved: number, openTickets: number | null, agent: { id: string, name: string, active: boolean } | null, responseTime: { mean: number | null, median: number | null, p90: number | null, count: number }, resolutionTime: { mean: number | null, median: number | null, p90: number | null, count: number }, resolutionRate: { value: number | null, count: number }, rating?: { csatScore: number | null, average: number | null, count: number } | null }> } | null } };

export type OverviewQueryVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  compareTo?: Array<Comparison> | Comparison | null | undefined;
  attribution: Attribution;
  clock: Clock;
  grain: Grain;
  before: PeriodInput;
  compared: boolean;
  satisfaction: boolean;
}>;


export type OverviewQuery = { report: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, summary: { openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResponseTime: { median: number | null, p90: number | null, p95: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { withinTarget: number | null, withTarget: number | null, withoutTarget: number | null, openBreached: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, csatScore?: { average: number | null, histogram: Array<number>, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null } | null, metrics: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopens: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, unassignedTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, breachedTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null }, series: { starts: Array<string>, isPartial: Array<boolean>, groups: Array<{ metrics: { openTickets: { values: Array<number | null> } | null, breachedTickets: { values: Array<number | null> } | null, unassignedTickets: { values: Array<number | null> } | null, ticketsCreated: { values: Array<number | null> } | null, ticketsResolved: { values: Array<number | null> } | null, avgResponseTime: { values: Array<number | null>, counts: Array<number | null> } | null, resolutionRate: { values: Array<number | null>, counts: Array<number | null> } | null, csatScore?: { values: Array<number | null>, counts: Array<number | null> } | null } }> } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } | null, before?: { series: { starts: Array<string>, groups: Array<{ metrics: { openTickets: { values: Array<number | null> } | null, ticketsCreated: { values: Array<number | null> } | null } }> } | null } | null, today: { asOf: string, metrics: { openTickets: { value: number | null } | null, unassignedTickets: { value: number | null } | null, breachedTickets: { value: number | null } | null, ticketsCreated: { value: number | null } | null, ticketsResolved: { value: number | null } | null } } | null };

export type PerformanceChangesSubscriptionVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  satisfaction: boolean;
}>;


export type PerformanceChangesSubscription = { reportChanged: { dataVersion: string, metrics: { openTickets: { value: number | null } | null, unassignedTickets: { value: number | null } | null, breachedTickets: { value: number | null } | null, ticketsCreated: { value: number | null } | null, ticketsResolved: { value: number | null } | null, reopens: { value: number | null } | null, avgResponseTime: { value: number | null, count: number | null } | null, resolutionRate: { value: number | null, count: number | null } | null, avgResolutionTime: { value: number | null, count: number | null } | null, csatScore?: { value: number | null, count: number | null } | null }, performance: { ticketsByStatus: Array<{ count: number }>, ticketsByCategory: Array<{ count: number, category: { id: string } | null }>, responseTimeDistribution: { median: number | null, p90: number | null, p95: number | null, buckets: Array<{ count: number }> }, resolutionTimeDistribution: { median: number | null, p90: number | null, p95: number | null, buckets: Array<{ count: number }> } } | null, breakdown: { rows: Array<{ metrics: { responseRate: { value: number | null, count: number | null } | null, resolutionRate: { value: number | null, count: number | null } | null } }> } | null } };

export type DurationsFragment = { median: number | null, p90: number | null, p95: number | null, buckets: Array<{ count: number }> };

export type PerformanceQueryVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  compareTo?: Array<Comparison> | Comparison | null | undefined;
  attribution: Attribution;
  clock: Clock;
}>;


export type PerformanceQuery = { report: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, performance: { ticketsByStatus: Array<{ status: Status, count: number, share: number | null }>, ticketsByCategory: Array<{ count: number, share: number | null, category: { id: string, name: string } | null }>, responseTimeDistribution: { count: number, mean: number | null, median: number | null, p90: number | null, p95: number | null, buckets: Array<{ from: number, to: number | null, count: number, share: number | null }> }, resolutionTimeDistribution: { count: number, mean: number | null, median: number | null, p90: number | null, p95: number | null, buckets: Array<{ from: number, to: number | null, count: number, share: number | null }> } } | null, metrics: { avgResponseTime: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, avgResolutionTime: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, responseRate: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, resolutionRate: { withinTarget: number | null, withTarget: number | null, withoutTarget: number | null, openBreached: number | null, value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null }, breakdown: { rows: Array<{ keys: Array<{ id: string | null }>, metrics: { responseRate: { value: number | null, count: number | null, suppressed: boolean } | null, resolutionRate: { value: number | null, count: number | null, suppressed: boolean } | null } }> } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } | null };

export type SpreadFragment = { count: number, mean: number | null, median: number | null, p90: number | null, p95: number | null, buckets: Array<{ from: number, to: number | null, count: number, share: number | null }> };

export type TicketsChangesSubscriptionVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  first: number;
  after?: string | null | undefined;
  orderBy?: Array<TicketOrder> | TicketOrder | null | undefined;
  identity: boolean;
  agents: boolean;
  scores: boolean;
  comments: boolean;
  openTickets?: boolean | null | undefined;
  unassignedTickets?: boolean | null | undefined;
  breachedTickets?: boolean | null | undefined;
  ticketsCreated?: boolean | null | undefined;
  ticketsResolved?: boolean | null | undefined;
  resolutions?: boolean | null | undefined;
  reopens?: boolean | null | undefined;
  reopenRate?: boolean | null | undefined;
  avgResponseTime?: boolean | null | undefined;
  avgResolutionTime?: boolean | null | undefined;
  firstResolutionTime?: boolean | null | undefined;
  responseRate?: boolean | null | undefined;
  resolutionRate?: boolean | null | undefined;
  csatScore?: boolean | null | undefined;
  ratingRate?: boolean | null | undefined;
  ofTarget?: boolean | null | undefined;
  target?: TargetNumber | null | undefined;
  ofScore?: boolean | null | undefined;
  score?: Array<number> | number | null | undefined;
  ofResponse?: boolean | null | undefined;
  ofResolution?: boolean | null | undefined;
  edges?: Array<number> | number | null | undefined;
  ofHour?: boolean | null | undefined;
  hour?: Array<number> | number | null | undefined;
  ofRow?: boolean | null | undefined;
  by?: Array<Dimension> | Dimension;
  keys?: Array<string | number | null | undefined> | string | number | null | undefined;
}>;


export type TicketsChangesSubscription = { reportChanged: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, metrics?: { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null }, ofRow?: { rows: Array<{ metrics: { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null } }> } | null, ofResponse?: { responseTimeDistribution: { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> } } | null, ofResolution?: { resolutionTimeDistribution: { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> } } | null, ofHour?: { seasonality: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } };

export type TicketsQueryVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  first: number;
  after?: string | null | undefined;
  orderBy?: Array<TicketOrder> | TicketOrder | null | undefined;
  identity: boolean;
  agents: boolean;
  scores: boolean;
  comments: boolean;
  openTickets?: boolean | null | undefined;
  unassignedTickets?: boolean | null | undefined;
  breachedTickets?: boolean | null | undefined;
  ticketsCreated?: boolean | null | undefined;
  ticketsResolved?: boolean | null | undefined;
  resolutions?: boolean | null | undefined;
  reopens?: boolean | null | undefined;
  reopenRate?: boolean | null | undefined;
  avgResponseTime?: boolean | null | undefined;
  avgResolutionTime?: boolean | null | undefined;
  firstResolutionTime?: boolean | null | undefined;
  responseRate?: boolean | null | undefined;
  resolutionRate?: boolean | null | undefined;
  csatScore?: boolean | null | undefined;
  ratingRate?: boolean | null | undefined;
  ofTarget?: boolean | null | undefined;
  target?: TargetNumber | null | undefined;
  ofScore?: boolean | null | undefined;
  score?: Array<number> | number | null | undefined;
  ofResponse?: boolean | null | undefined;
  ofResolution?: boolean | null | undefined;
  edges?: Array<number> | number | null | undefined;
  ofHour?: boolean | null | undefined;
  hour?: Array<number> | number | null | undefined;
  ofRow?: boolean | null | undefined;
  by?: Array<Dimension> | Dimension;
  keys?: Array<string | number | null | undefined> | string | number | null | undefined;
}>;


export type TicketsQuery = { report: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, metrics?: { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null }, ofRow?: { rows: Array<{ metrics: { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null } }> } | null, ofResponse?: { responseTimeDistribution: { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> } } | null, ofResolution?: { resolutionTimeDistribution: { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> } } | null, ofHour?: { seasonality: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } | null };

export type ListedFragment = { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, metrics?: { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null }, ofRow?: { rows: Array<{ metrics: { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null } }> } | null, ofResponse?: { responseTimeDistribution: { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> } } | null, ofResolution?: { resolutionTimeDistribution: { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> } } | null, ofHour?: { seasonality: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> };

export type ChosenFragment = { openTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, unassignedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, breachedTickets?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsCreated?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ticketsResolved?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutions?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopens?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, reopenRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResponseTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, avgResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, firstResolutionTime?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, responseRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, resolutionRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, csatScore?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ratingRate?: { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofTarget?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null, ofScore?: { tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null } | null };

type Behind_DurationValue_Fragment = { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null };

type Behind_PlainValue_Fragment = { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null };

type Behind_SatisfactionValue_Fragment = { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null };

type Behind_TargetValue_Fragment = { value: number | null, unit: Unit, count: number | null, suppressed: boolean, reason: string | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null };

export type BehindFragment =
  | Behind_DurationValue_Fragment
  | Behind_PlainValue_Fragment
  | Behind_SatisfactionValue_Fragment
  | Behind_TargetValue_Fragment
;

export type BucketsFragment = { buckets: Array<{ from: number, to: number | null, tickets: { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> } | null }> };

export type PageFragment = { total: number, nextCursor: string | null, nodes: Array<{ id: string, at: string, createdAt: string, status: Status, priority: string | null, channel: string | null, tags: Array<string>, subject?: string | null, requester?: string | null, seconds: number | null, businessSeconds: number | null, withinTarget: boolean | null, score?: number | null, comment?: string | null, category: { id: string, name: string } | null, team: { id: string, name: string } | null, agent?: { id: string, name: string } | null, organization: { id: string, name: string } | null, responseTarget: { dueAt: string | null, state: TargetState } | null, resolutionTarget: { dueAt: string | null, state: TargetState } | null }> };

export type TrendsChangesSubscriptionVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  attribution: Attribution;
  clock: Clock;
  satisfaction: boolean;
  grain: Grain;
}>;


export type TrendsChangesSubscription = { reportChanged: { dataVersion: string, metrics: { openTickets: { value: number | null } | null, unassignedTickets: { value: number | null } | null, breachedTickets: { value: number | null } | null, ticketsCreated: { value: number | null } | null, ticketsResolved: { value: number | null } | null, reopens: { value: number | null } | null, avgResponseTime: { value: number | null, count: number | null } | null, resolutionRate: { value: number | null, count: number | null } | null, avgResolutionTime: { value: number | null, count: number | null } | null, csatScore?: { value: number | null, count: number | null } | null }, trends: { volume: Array<{ created: number, resolved: number, reopened: number, open: number | null }>, categories: Array<{ points: Array<number>, category: { id: string } | null }> } | null } };

export type TrendsQueryVariables = Exact<{
  period: PeriodInput;
  timezone: string;
  filter?: TicketFilter | null | undefined;
  compareTo?: Array<Comparison> | Comparison | null | undefined;
  attribution: Attribution;
  clock: Clock;
  grain: Grain;
  before: PeriodInput;
  compared: boolean;
  anyCategory?: TicketFilter | null | undefined;
  narrowed: boolean;
}>;


export type TrendsQuery = { report: { asOf: string, dataVersion: string, attribution: Attribution, clock: Clock, metrics: { ticketsCreated: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, ticketsResolved: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, reopens: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null, openTickets: { value: number | null, unit: Unit, count: number | null, previous: number | null, change: number | null, suppressed: boolean, suppression: Suppression | null, reason: string | null } | null }, trends: { grain: Grain, volume: Array<{ start: string, created: number, resolved: number, reopened: number, open: number | null, isPartial: boolean }>, categories: Array<{ points: Array<number>, share: number | null, previousTotal: number | null, previousShare: number | null, change: number | null, category: { id: string, name: string } | null }>, fastestMovers: { basis: Basis, risers: Array<{ count: number, previous: number, difference: number, change: number | null, category: { id: string, name: string } | null }>, fallers: Array<{ count: number, previous: number, difference: number, change: number | null, category: { id: string, name: string } | null }> }, seasonality: { weekdayHour: Array<Array<number>>, weekday: Array<number> | null, month: Array<number> | null, decomposition: { starts: Array<string>, trend: Array<number>, seasonal: Array<number>, remainder: Array<number> } | null, forecast: Array<{ start: string, expected: number, low: number, high: number, low95: number, high95: number }> | null, anomalies: Array<{ start: string, actual: number, expected: number, score: number }> | null, reasons: Array<{ part: Part, reason: string }> } } | null, period: { since: string, until: string, timezone: string, preset: Preset | null }, comparisons: Array<{ kind: Comparison, since: string, until: string }> } | null, before?: { series: { starts: Array<string>, groups: Array<{ metrics: { openTickets: { values: Array<number | null> } | null, ticketsCreated: { values: Array<number | null> } | null } }> } | null } | null, all?: { breakdown: { rows: Array<{ keys: Array<{ id: string | null }> }> } | null } | null };

export type MoverFragment = { count: number, previous: number, difference: number, change: number | null, category: { id: string, name: string } | null };

export type JobFragment = { id: string, report: string, format: string, state: ExportState, fileName: string | null, bytes: number | null, createdAt: string, resultUrl: string | null, progress: { rows: number, total: number | null, share: number | null, remainingSeconds: number | null }, error: { code: string, message: string } | null };

export type ExportJobsQueryVariables = Exact<{ [key: string]: never; }>;


export type ExportJobsQuery = { exportJobs: Array<{ id: string, report: string, format: string, state: ExportState, fileName: string | null, bytes: number | null, createdAt: string, resultUrl: string | null, progress: { rows: number, total: number | null, share: number | null, remainingSeconds: number | null }, error: { code: string, message: string } | null }> | null };

export type CancelExportMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelExportMutation = { cancelExport: { id: string, report: string, format: string, state: ExportState, fileName: string | null, bytes: number | null, createdAt: string, resultUrl: string | null, progress: { rows: number, total: number | null, share: number | null, remainingSeconds: number | null }, error: { code: string, message: string } | null } | null };

export type KeptFragment = { id: string, name: string, page: ReportPage, query: string, order: unknown, updatedAt: string };

export type SavedReportsQueryVariables = Exact<{ [key: string]: never; }>;


export type SavedReportsQuery = { savedReports: { nodes: Array<{ id: string, name: string, page: ReportPage, query: string, order: unknown, updatedAt: string }> } | null };

export type SaveReportMutationVariables = Exact<{
  name: string;
  page: ReportPage;
  query: string;
  order?: unknown;
  id?: string | number | null | undefined;
}>;


export type SaveReportMutation = { saveReport: { id: string, name: string, page: ReportPage, query: string, order: unknown, updatedAt: string } | null };

export type DeleteSavedReportMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteSavedReportMutation = { deleteSavedReport: string | null };

export type PlannedFragment = { id: string, format: string, cadence: Cadence, weekday: Weekday | null, monthDay: number | null, time: string, timezone: string, emails: Array<string>, folder: string | null, active: boolean, state: ScheduleState, nextDueAt: string | null, report: { id: string, name: string }, deliveries: Array<{ id: string, dueAt: string, state: DeliveryState, attempts: number, nextAttemptAt: string | null, bytes: number | null, fileName: string | null, deliveredAt: string | null, error: { code: string, message: string } | null }> };

export type SchedulesQueryVariables = Exact<{ [key: string]: never; }>;


export type SchedulesQuery = { schedules: Array<{ id: string, format: string, cadence: Cadence, weekday: Weekday | null, monthDay: number | null, time: string, timezone: string, emails: Array<string>, folder: string | null, active: boolean, state: ScheduleState, nextDueAt: string | null, report: { id: string, name: string }, deliveries: Array<{ id: string, dueAt: string, state: DeliveryState, attempts: number, nextAttemptAt: string | null, bytes: number | null, fileName: string | null, deliveredAt: string | null, error: { code: string, message: string } | null }> }> | null };

export type DestinationsQueryVariables = Exact<{ [key: string]: never; }>;


export type DestinationsQuery = { destinations: { mailDomains: Array<string>, hasFolders: boolean } | null };

export type NextDeliveriesQueryVariables = Exact<{
  cadence: Cadence;
  weekday?: Weekday | null | undefined;
  monthDay?: number | null | undefined;
  time: string;
  timezone: string;
}>;


export type NextDeliveriesQuery = { nextDeliveries: Array<string> | null };

export type SaveScheduleMutationVariables = Exact<{
  id?: string | number | null | undefined;
  report: string | number;
  format: string;
  cadence: Cadence;
  weekday?: Weekday | null | undefined;
  monthDay?: number | null | undefined;
  time: string;
  timezone: string;
  emails?: Array<string> | string | null | undefined;
  folder?: string | null | undefined;
  active: boolean;
}>;


export type SaveScheduleMutation = { saveSchedule: { id: string, format: string, cadence: Cadence, weekday: Weekday | null, monthDay: number | null, time: string, timezone: string, emails: Array<string>, folder: string | null, active: boolean, state: ScheduleState, nextDueAt: string | null, report: { id: string, name: string }, deliveries: Array<{ id: string, dueAt: string, state: DeliveryState, attempts: number, nextAttemptAt: string | null, bytes: number | null, fileName: string | null, deliveredAt: string | null, error: { code: string, message: string } | null }> } | null };

export type DeliverAgainMutationVariables = Exact<{
  id: string | number;
}>;


export type DeliverAgainMutation = { deliverAgain: { id: string, state: DeliveryState } | null };

export type DeleteScheduleMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteScheduleMutation = { deleteSchedule: string | null };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionQuery = { sources: Array<{ lagSeconds: number | null, isStale: boolean, state: SourceState }> | null, viewer: { role: Role, expiresAt: string | null, capabilities: Array<string>, scope: { kind: ScopeKind, ids: Array<string> } }, metricCatalog: Array<{ name: string, label: string, unit: Unit, better: Better, definition: string, capability: string, details: Array<{ name: string, unit: Unit, description: string }> }>, categories: { nodes: Array<{ id: string, name: string }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const MovingFragmentDoc = new TypedDocumentString(`
    fragment Moving on Metrics {
  openTickets {
    value
  }
  unassignedTickets {
    value
  }
  breachedTickets {
    value
  }
  ticketsCreated {
    value
  }
  ticketsResolved {
    value
  }
  reopens {
    value
  }
  avgResponseTime {
    value
    count
  }
  resolutionRate {
    value
    count
  }
  avgResolutionTime {
    value
    count
  }
  csatScore @include(if: $satisfaction) {
    value
    count
  }
}
    `, {"fragmentName":"Moving"}) as unknown as TypedDocumentString<MovingFragment, unknown>;
export const PickedFragmentDoc = new TypedDocumentString(`
    fragment Picked on NamedPage {
  total
  nodes {
    id
    name
  }
}
    `, {"fragmentName":"Picked"}) as unknown as TypedDocumentString<PickedFragment, unknown>;
export const PickedAgentsFragmentDoc = new TypedDocumentString(`
    fragment PickedAgents on AgentPage {
  total
  nodes {
    id
    name
  }
}
    `, {"fragmentName":"PickedAgents"}) as unknown as TypedDocumentString<PickedAgentsFragment, unknown>;
export const NumberFragmentDoc = new TypedDocumentString(`
    fragment Number on MetricValue {
  value
  unit
  count
  previous
  change
  suppressed
  suppression
  reason
}
    `, {"fragmentName":"Number"}) as unknown as TypedDocumentString<NumberFragment, unknown>;
export const WorkFragmentDoc = new TypedDocumentString(`
    fragment Work on Metrics {
  ticketsCreated {
    ...Number
  }
  ticketsResolved {
    ...Number
  }
  openTickets {
    ...Number
  }
  reopenRate {
    ...Number
  }
  avgResponseTime {
    ...Number
    median
    p90
  }
  avgResolutionTime {
    ...Number
    median
    p90
  }
  resolutionRate {
    ...Number
  }
  csatScore @include(if: $ratings) {
    ...Number
    average
  }
}
    fragment Number on MetricValue {
  value
  unit
  count
  previous
  change
  suppressed
  suppression
  reason
}`, {"fragmentName":"Work"}) as unknown as TypedDocumentString<WorkFragment, unknown>;
export const CourseFragmentDoc = new TypedDocumentString(`
    fragment Course on SeriesMetrics {
  ticketsCreated {
    values
  }
  ticketsResolved {
    values
  }
  avgResponseTime {
    values
    counts
  }
  resolutionRate {
    values
    counts
  }
}
    `, {"fragmentName":"Course"}) as unknown as TypedDocumentString<CourseFragment, unknown>;
export const LastingFragmentDoc = new TypedDocumentString(`
    fragment Lasting on Times {
  mean
  median
  p90
  count
}
    `, {"fragmentName":"Lasting"}) as unknown as TypedDocumentString<LastingFragment, unknown>;
export const FigureFragmentDoc = new TypedDocumentString(`
    fragment Figure on MetricValue {
  value
  count
  suppressed
  suppression
  reason
}
    `, {"fragmentName":"Figure"}) as unknown as TypedDocumentString<FigureFragment, unknown>;
export const TogetherFragmentDoc = new TypedDocumentString(`
    fragment Together on Metrics {
  ticketsCreated {
    ...Figure
  }
  ticketsResolved {
    ...Figure
  }
  openTickets {
    ...Figure
  }
  avgResponseTime {
    ...Figure
    median
    p90
  }
  avgResolutionTime {
    ...Figure
    median
    p90
  }
  resolutionRate {
    ...Figure
  }
  csatScore @include(if: $ratings) {
    ...Figure
    average
  }
}
    fragment Figure on MetricValue {
  value
  count
  suppressed
  suppression
  reason
}`, {"fragmentName":"Together"}) as unknown as TypedDocumentString<TogetherFragment, unknown>;
export const DurationsFragmentDoc = new TypedDocumentString(`
    fragment Durations on Distribution {
  median
  p90
  p95
  buckets {
    count
  }
}
    `, {"fragmentName":"Durations"}) as unknown as TypedDocumentString<DurationsFragment, unknown>;
export const SpreadFragmentDoc = new TypedDocumentString(`
    fragment Spread on Distribution {
  count
  mean
  median
  p90
  p95
  buckets {
    from
    to
    count
    share
  }
}
    `, {"fragmentName":"Spread"}) as unknown as TypedDocumentString<SpreadFragment, unknown>;
export const EnvelopeFragmentDoc = new TypedDocumentString(`
    fragment Envelope on Report {
  period {
    since
    until
    timezone
    preset
  }
  comparisons {
    kind
    since
    until
  }
  asOf
  dataVersion
  attribution
  clock
}
    `, {"fragmentName":"Envelope"}) as unknown as TypedDocumentString<EnvelopeFragment, unknown>;
export const PageFragmentDoc = new TypedDocumentString(`
    fragment Page on TicketPage {
  total
  nextCursor
  nodes {
    id
    at
    createdAt
    status
    priority
    channel
    category {
      id
      name
    }
    team {
      id
      name
    }
    agent @include(if: $agents) {
      id
      name
    }
    organization {
      id
      name
    }
    tags
    subject @include(if: $identity)
    requester @include(if: $identity)
    seconds
    businessSeconds
    withinTarget
    responseTarget {
      dueAt
      state
    }
    resolutionTarget {
      dueAt
      state
    }
    score @include(if: $scores)
    comment @include(if: $comments)
  }
}
    `, {"fragmentName":"Page"}) as unknown as TypedDocumentString<PageFragment, unknown>;
export const BehindFragmentDoc = new TypedDocumentString(`
    fragment Behind on MetricValue {
  value
  unit
  count
  suppressed
  reason
  tickets(first: $first, after: $after, orderBy: $orderBy) {
    ...Page
  }
}
    fragment Page on TicketPage {
  total
  nextCursor
  nodes {
    id
    at
    createdAt
    status
    priority
    channel
    category {
      id
      name
    }
    team {
      id
      name
    }
    agent @include(if: $agents) {
      id
      name
    }
    organization {
      id
      name
    }
    tags
    subject @include(if: $identity)
    requester @include(if: $identity)
    seconds
    businessSeconds
    withinTarget
    responseTarget {
      dueAt
      state
    }
    resolutionTarget {
      dueAt
      state
    }
    score @include(if: $scores)
    comment @include(if: $comments)
  }
}`, {"fragmentName":"Behind"}) as unknown as TypedDocumentString<BehindFragment, unknown>;
export const ChosenFragmentDoc = new TypedDocumentString(`
    fragment Chosen on Metrics {
  openTickets @include(if: $openTickets) {
    ...Behind
  }
  unassignedTickets @include(if: $unassignedTickets) {
    ...Behind
  }
  breachedTickets @include(if: $breachedTickets) {
    ...Behind
  }
  ticketsCreated @include(if: $ticketsCreated) {
    ...Behind
  }
  ticketsResolved @include(if: $ticketsResolved) {
    ...Behind
  }
  resolutions @include(if: $resolutions) {
    ...Behind
  }
  reopens @include(if: $reopens) {
    ...Behind
  }
  reopenRate @include(if: $reopenRate) {
    ...Behind
  }
  avgResponseTime @include(if: $avgResponseTime) {
    ...Behind
  }
  avgResolutionTime @include(if: $avgResolutionTime) {
    ...Behind
  }
  firstResolutionTime @include(if: $firstResolutionTime) {
    ...Behind
  }
  responseRate @include(if: $responseRate) {
    ...Behind
  }
  resolutionRate @include(if: $resolutionRate) {
    ...Behind
  }
  csatScore @include(if: $csatScore) {
    ...Behind
  }
  ratingRate @include(if: $ratingRate) {
    ...Behind
  }
  ofTarget: resolutionRate @include(if: $ofTarget) {
    tickets(of: $target, first: $first, after: $after, orderBy: $orderBy) {
      ...Page
    }
  }
  ofScore: csatScore @include(if: $ofScore) {
    tickets(
      of: HISTOGRAM
      at: $score
      first: $first
      after: $after
      orderBy: $orderBy
    ) {
      ...Page
    }
  }
}
    fragment Behind on MetricValue {
  value
  unit
  count
  suppressed
  reason
  tickets(first: $first, after: $after, orderBy: $orderBy) {
    ...Page
  }
}
fragment Page on TicketPage {
  total
  nextCursor
  nodes {
    id
    at
    createdAt
    status
    priority
    channel
    category {
      id
      name
    }
    team {
      id
      name
    }
    agent @include(if: $agents) {
      id
      name
    }
    organization {
      id
      name
    }
    tags
    subject @include(if: $identity)
    requester @include(if: $identity)
    seconds
    businessSeconds
    withinTarget
    responseTarget {
      dueAt
      state
    }
    resolutionTarget {
      dueAt
      state
    }
    score @include(if: $scores)
    comment @include(if: $comments)
  }
}`, {"fragmentName":"Chosen"}) as unknown as TypedDocumentString<ChosenFragment, unknown>;
export const BucketsFragmentDoc = new TypedDocumentString(`
    fragment Buckets on Distribution {
  buckets {
    from
    to
    tickets(first: $first, after: $after, orderBy: $orderBy) {
      ...Page
    }
  }
}
    fragment Page on TicketPage {
  total
  nextCursor
  nodes {
    id
    at
    createdAt
    status
    priority
    channel
    category {
      id
      name
    }
    team {
      id
      name
    }
    agent @include(if: $agents) {
      id
      name
    }
    organization {
      id
      name
    }
    tags
    subject @include(if: $identity)
    requester @include(if: $identity)
    seconds
    businessSeconds
    withinTarget
    responseTarget {
      dueAt
      state
    }
    resolutionTarget {
      dueAt
      state
    }
    score @include(if: $scores)
    comment @include(if: $comments)
  }
}`, {"fragmentName":"Buckets"}) as unknown as TypedDocumentString<BucketsFragment, unknown>;
export const ListedFragmentDoc = new TypedDocumentString(`
    fragment Listed on Report {
  ...Envelope
  metrics @skip(if: $ofRow) {
    ...Chosen
  }
  ofRow: breakdown(by: $by, keys: $keys, first: 1) @include(if: $ofRow) {
    rows {
      metrics {
        ...Chosen
      }
    }
  }
  ofResponse: performance(edges: $edges) @include(if: $ofResponse) {
    responseTimeDistribution {
      ...Buckets
    }
  }
  ofResolution: performance(edges: $edges) @include(if: $ofResolution) {
    resolutionTimeDistribution {
      ...Buckets
    }
  }
  ofHour: trends @include(if: $ofHour) {
    seasonality {
      tickets(
        of: WEEKDAY_HOUR
        at: $hour
        first: $first
        after: $after
        orderBy: $orderBy
      ) {
        ...Page
      }
    }
  }
}
    fragment Envelope on Report {
  period {
    since
    until
    timezone
    preset
  }
  comparisons {
    kind
    since
    until
  }
  asOf
  dataVersion
  attribution
  clock
}
fragment Chosen on Metrics {
  openTickets @include(if: $openTickets) {
    ...Behind
  }
  unassignedTickets @include(if: $unassignedTickets) {
    ...Behind
  }
  breachedTickets @include(if: $breachedTickets) {
    ...Behind
  }
  ticketsCreated @include(if: $ticketsCreated) {
    ...Behind
  }
  ticketsResolved @include(if: $ticketsResolved) {
    ...Behind
  }
  resolutions @include(if: $resolutions) {
    ...Behind
  }
  reopens @include(if: $reopens) {
    ...Behind
  }
  reopenRate @include(if: $reopenRate) {
    ...Behind
  }
  avgResponseTime @include(if: $avgResponseTime) {
    ...Behind
  }
  avgResolutionTime @include(if: $avgResolutionTime) {
    ...Behind
  }
  firstResolutionTime @include(if: $firstResolutionTime) {
    ...Behind
  }
  responseRate @include(if: $responseRate) {
    ...Behind
  }
  resolutionRate @include(if: $resolutionRate) {
    ...Behind
  }
  csatScore @include(if: $csatScore) {
    ...Behind
  }
  ratingRate @include(if: $ratingRate) {
    ...Behind
  }
  ofTarget: resolutionRate @include(if: $ofTarget) {
    tickets(of: $target, first: $first, after: $after, orderBy: $orderBy) {
      ...Page
    }
  }
  ofScore: csatScore @include(if: $ofScore) {
    tickets(
      of: HISTOGRAM
      at: $score
      first: $first
      after: $after
      orderBy: $orderBy
    ) {
      ...Page
    }
  }
}
fragment Behind on MetricValue {
  value
  unit
  count
  suppressed
  reason
  tickets(first: $first, after: $after, orderBy: $orderBy) {
    ...Page
  }
}
fragment Buckets on Distribution {
  buckets {
    from
    to
    tickets(first: $first, after: $after, orderBy: $orderBy) {
      ...Page
    }
  }
}
fragment Page on TicketPage {
  total
  nextCursor
  nodes {
    id
    at
    createdAt
    status
    priority
    channel
    category {
      id
      name
    }
    team {
      id
      name
    }
    agent @include(if: $agents) {
      id
      name
    }
    organization {
      id
      name
    }
    tags
    subject @include(if: $identity)
    requester @include(if: $identity)
    seconds
    businessSeconds
    withinTarget
    responseTarget {
      dueAt
      state
    }
    resolutionTarget {
      dueAt
      state
    }
    score @include(if: $scores)
    comment @include(if: $comments)
  }
}`, {"fragmentName":"Listed"}) as unknown as TypedDocumentString<ListedFragment, unknown>;
export const MoverFragmentDoc = new TypedDocumentString(`
    fragment Mover on Mover {
  category {
    id
    name
  }
  count
  previous
  difference
  change
}
    `, {"fragmentName":"Mover"}) as unknown as TypedDocumentString<MoverFragment, unknown>;
export const JobFragmentDoc = new TypedDocumentString(`
    fragment Job on ExportJob {
  id
  report
  format
  state
  progress {
    rows
    total
    share
    remainingSeconds
  }
  error {
    code
    message
  }
  fileName
  bytes
  createdAt
  resultUrl
}
    `, {"fragmentName":"Job"}) as unknown as TypedDocumentString<JobFragment, unknown>;
export const KeptFragmentDoc = new TypedDocumentString(`
    fragment Kept on SavedReport {
  id
  name
  page
  query
  order
  updatedAt
}
    `, {"fragmentName":"Kept"}) as unknown as TypedDocumentString<KeptFragment, unknown>;
export const PlannedFragmentDoc = new TypedDocumentString(`
    fragment Planned on Schedule {
  id
  report {
    id
    name
  }
  format
  cadence
  weekday
  monthDay
  time
  timezone
  emails
  folder
  active
  state
  nextDueAt
  deliveries {
    id
    dueAt
    state
    attempts
    nextAttemptAt
    error {
      code
      message
    }
    bytes
    fileName
    deliveredAt
  }
}
    `, {"fragmentName":"Planned"}) as unknown as TypedDocumentString<PlannedFragment, unknown>;
export const ChangesDocument = {"__meta__":{"hash":"90c818aa3b989cadd7ccf11b7937b253493280b94450d6c4561fe4251632c24c"}} as unknown as TypedDocumentString<ChangesSubscription, ChangesSubscriptionVariables>;
export const DataAgeDocument = {"__meta__":{"hash":"7791889d23b213413e1db707a8ec37cfee6d818f2ea0e5c55a701d91e4c91b31"}} as unknown as TypedDocumentString<DataAgeQuery, DataAgeQueryVariables>;
export const PulseDocument = {"__meta__":{"hash":"efeec8d9e550f96a9c0c37da65275009f175fc8fbc7f37987f8bf03ecfe02b84"}} as unknown as TypedDocumentString<PulseQuery, PulseQueryVariables>;
export const OptionsDocument = {"__meta__":{"hash":"d497e6a8182d9f48a1d8d6606bdcda07bdae3be46c2c8fc2e1a92fa4aa01514a"}} as unknown as TypedDocumentString<OptionsQuery, OptionsQueryVariables>;
export const LabelsDocument = {"__meta__":{"hash":"7eb9ee6991ab2ed030676af0c60adbd76d46fd6210f76be5a826c3fb618544c4"}} as unknown as TypedDocumentString<LabelsQuery, LabelsQueryVariables>;
export const AgentDocument = {"__meta__":{"hash":"ef1e000b7582a70bbd62ade728fc0076620c3b01d80d4c673a6694feb8bbacc6"}} as unknown as TypedDocumentString<AgentQuery, AgentQueryVariables>;
export const AgentChangesDocument = {"__meta__":{"hash":"bbc08c75272c898a3565ff20139347b7d169aff11fc5142055d5ba415b9cde10"}} as unknown as TypedDocumentString<AgentChangesSubscription, AgentChangesSubscriptionVariables>;
export const AgentsDocument = {"__meta__":{"hash":"78946a3ce0f0095e32c4ceff7750f752e9de8e966354d02ecf93ae045d39625d"}} as unknown as TypedDocumentString<AgentsQuery, AgentsQueryVariables>;
export const AgentsChangesDocument = {"__meta__":{"hash":"15f79ae577f8d9445c3d37b5375145f4380d1eb08ca4a781261a39576458d646"}} as unknown as TypedDocumentString<AgentsChangesSubscription, AgentsChangesSubscriptionVariables>;
export const OverviewDocument = {"__meta__":{"hash":"73130e32fb37233e968881f115ff0f95b009c2aefde0aa4e9687d8d7268383b0"}} as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const PerformanceChangesDocument = {"__meta__":{"hash":"c95cecdca1a452a940ceaffc4ccd145002dac0e56ea213b6b0469483f1c66969"}} as unknown as TypedDocumentString<PerformanceChangesSubscription, PerformanceChangesSubscriptionVariables>;
export const PerformanceDocument = {"__meta__":{"hash":"c3c92c7eb3215e47f06322f059dffe5bd8833298c2ad1a195c23cc6392e1951c"}} as unknown as TypedDocumentString<PerformanceQuery, PerformanceQueryVariables>;
export const TicketsChangesDocument = {"__meta__":{"hash":"9fa495379ab412208f05cb75594ba920ed262f8cfe489ee09a46576508e66440"}} as unknown as TypedDocumentString<TicketsChangesSubscription, TicketsChangesSubscriptionVariables>;
export const TicketsDocument = {"__meta__":{"hash":"63e482f7504fef130678e3216c02cf9a789f72db8ff9186c1e4647f4e55c2e07"}} as unknown as TypedDocumentString<TicketsQuery, TicketsQueryVariables>;
export const TrendsChangesDocument = {"__meta__":{"hash":"00dba613f00303520da203c47a7c54e38502bfdb6f967024409d891e0b38b9ee"}} as unknown as TypedDocumentString<TrendsChangesSubscription, TrendsChangesSubscriptionVariables>;
export const TrendsDocument = {"__meta__":{"hash":"1b31eae399b2ee18b80b06fd37464d3c4abf904e77dcf15bdcbd3e829ddef298"}} as unknown as TypedDocumentString<TrendsQuery, TrendsQueryVariables>;
export const ExportJobsDocument = {"__meta__":{"hash":"af31529e8c20bbf9b297010ec4857c3965ee6696480d7f6b97d9a2006d29b2a6"}} as unknown as TypedDocumentString<ExportJobsQuery, ExportJobsQueryVariables>;
export const CancelExportDocument = {"__meta__":{"hash":"843c7b1e30ba0b4d00ade59e8d90a011b3b0ab3ae78dcba0567a310873df8d6d"}} as unknown as TypedDocumentString<CancelExportMutation, CancelExportMutationVariables>;
export const SavedReportsDocument = {"__meta__":{"hash":"0534478c3aa0837c036505ae25d7ff6ff3b15f024aa2e2240420aa9af51a4a14"}} as unknown as TypedDocumentString<SavedReportsQuery, SavedReportsQueryVariables>;
export const SaveReportDocument = {"__meta__":{"hash":"2e5935a20d81d4f7a8bfbc02f2c74d7831879a479a5cbb35d173b1707ef7a701"}} as unknown as TypedDocumentString<SaveReportMutation, SaveReportMutationVariables>;
export const DeleteSavedReportDocument = {"__meta__":{"hash":"f9407329727e3267dbbd00450c3435e394a1ec43bc197d5ee269823ca071e01f"}} as unknown as TypedDocumentString<DeleteSavedReportMutation, DeleteSavedReportMutationVariables>;
export const SchedulesDocument = {"__meta__":{"hash":"4ee9c25b39908b0f6fd399e4c35a243cf085f380c0c5ba804b4d8348994152b1"}} as unknown as TypedDocumentString<SchedulesQuery, SchedulesQueryVariables>;
export const DestinationsDocument = {"__meta__":{"hash":"0d1613f8b0040a2cd97d1175c29ca825f39696fdfa0fbc92b790eba9332c00fe"}} as unknown as TypedDocumentString<DestinationsQuery, DestinationsQueryVariables>;
export const NextDeliveriesDocument = {"__meta__":{"hash":"4fb6f25701156572510936c9676f8c0e143e2245e97a81bd6f18337a9eeda653"}} as unknown as TypedDocumentString<NextDeliveriesQuery, NextDeliveriesQueryVariables>;
export const SaveScheduleDocument = {"__meta__":{"hash":"76809ec5aeb57434285bdb60ad9525eac511f012f67442c65193cf636328c267"}} as unknown as TypedDocumentString<SaveScheduleMutation, SaveScheduleMutationVariables>;
export const DeliverAgainDocument = {"__meta__":{"hash":"a987c116c380a13772728bba1262b33856cbf6692b21390edc7d9ada02c250a2"}} as unknown as TypedDocumentString<DeliverAgainMutation, DeliverAgainMutationVariables>;
export const DeleteScheduleDocument = {"__meta__":{"hash":"c9463ff441cd616878c13c6315f15d2324fbded26eb91405167b7fec0fe7ef4b"}} as unknown as TypedDocumentString<DeleteScheduleMutation, DeleteScheduleMutationVariables>;
export const SessionDocument = {"__meta__":{"hash":"100be37aad186e0e31820ea62068e5e20ad79e81571b0837a1c079639cc1aedb"}} as unknown as TypedDocumentString<SessionQuery, SessionQueryVariables>;