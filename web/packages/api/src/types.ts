/**
 * The shapes of the console API, `/api/v1`.
 *
 * JSON is snake_case, times are RFC 3339 UTC, ids are opaque strings. The names
 * here are what screens import; the wire is described by the server's OpenAPI file.
 */

export type Id = string;
/** RFC 3339, UTC, millisecond precision. */
export type Instant = string;

export interface Page<T> {
  items: T[];
  /** Cursor of the next page; null at the end. */
  next: string | null;
}

/** A value of an attribute: dates as `2026-11-20`, date-times as RFC 3339. */
export type Value = string | number | boolean | null;

export type AttributeType =
  | "text"
  | "number"
  | "score"
  | "currency"
  | "date"
  | "datetime"
  | "boolean"
  | "email"
  | "url";

// ---- rich text and criteria -------------------------------------------------

export interface Span {
  text: string;
  bold?: true;
  italic?: true;
  /** http, https, mailto or tel only. */
  link?: string;
}
export type Block =
  | { type: "paragraph"; spans: Span[] }
  | { type: "list"; ordered: boolean; items: Span[][] };
export interface RichText {
  blocks: Block[];
}

export type Operator =
  | "is"
  | "is_not"
  | "contains"
  | "not_contains"
  | "starts_with"
  | "not_starts_with"
  | "is_empty"
  | "is_not_empty"
  | "domain_is"
  | "greater_than"
  | "less_than"
  | "at_least"
  | "at_most"
  | "between"
  | "before"
  | "after"
  | "on_or_after"
  | "in_past"
  | "not_in_past"
  | "in_future"
  | "today"
  | "yesterday"
  | "this_week"
  | "last_week"
  | "this_month"
  | "last_month"
  | "this_quarter"
  | "last_quarter"
  | "is_true"
  | "is_false";

export type TimeUnit = "minutes" | "hours" | "days" | "weeks" | "months";

export interface AttributeCondition {
  /** Path with its owner: `person.email`, `company.size`, `visit.path`. */
  attribute: string;
  op: Operator;
  values?: Value[];
  unit?: TimeUnit;
}
export interface MembershipCondition {
  member_of: Id;
  op: "is_member" | "is_not_member";
}
export type Condition = AttributeCondition | MembershipCondition;
/** Groups to any depth; the empty `{ all: [] }` means everybody. */
export type Criteria = { all: Criteria[] } | { any: Criteria[] } | Condition;

// ---- session, users, profiles, tokens ---------------------------------------

export type ThemeChoice = "light" | "dark" | "auto";

export interface User {
  id: Id;
  email: string;
  name: string;
  profile_id: Id;
  profile_name: string;
  owner: boolean;
  disabled: boolean;
  theme: ThemeChoice;
  time_zone: string | null;
  created_at: Instant;
  last_seen_at: Instant | null;
  /** Invited, and not yet joined. */
  pending: boolean;
}

export interface Me {
  user: User;
  permissions: string[];
  owner: boolean;
  instance: { name: string; demo: boolean; version: string };
}

export interface SessionInfo {
  id: Id;
  created_at: Instant;
  last_seen_at: Instant;
  user_agent: string;
  current: boolean;
}

export interface Profile {
  id: Id;
  name: string;
  description: string;
  built_in: boolean;
  permissions: string[];
  users: number;
  version: number;
}

export interface PermissionArea {
  key: string;
  label: string;
  permissions: { key: string; label: string; description: string }[];
}

export interface ApiToken {
  id: Id;
  name: string;
  scopes: string[];
  created_by: { id: Id; name: string } | string | null;
  created_at: Instant;
  last_used_at: Instant | null;
  expires_at: Instant | null;
}
/** The secret is in the answer to the creation only. */
export type NewApiToken = ApiToken & { token: string };

export interface Invitation {
  email: string;
  name?: string | null;
  profile_name: string;
}

// ---- people -----------------------------------------------------------------

export interface Ref {
  id: Id;
  name: string;
}

/** How sure Usher is of who this is. */
export type Rung = "anonymous" | "claimed" | "proven";

export interface Person {
  id: Id;
  known: boolean;
  rung: Rung;
  email: string | null;
  full_name: string | null;
  attributes: Record<string, Value>;
  company: Ref | null;
  owner: Ref | null;
  created_at: Instant;
  updated_at: Instant;
  last_seen_at: Instant | null;
  version: number;
}

export type OriginSource = "import" | "chat" | "user" | "api" | "crm" | "system";

export interface Origin {
  source: OriginSource;
  /** The import, the conversation or the user behind it. */
  detail: string | null;
  at: Instant;
  rung: "claimed" | "proven" | null;
}

export interface Suggestion {
  attribute: string;
  value: Value;
  source: OriginSource;
  at: Instant;
}

export interface PersonDetail extends Person {
  origins: Record<string, Origin>;
  suggestions: Suggestion[];
  lists: Ref[];
  visitors: number;
}

export type PersonSort =
  | "created_at"
  | "last_seen_at"
  | "email"
  | "last_name"
  | "score"
  | "company"
  | "updated_at";

export interface PeopleSearch {
  q?: string;
  criteria?: Criteria;
  sort?: { by: PersonSort; direction: "asc" | "desc" };
  known?: boolean;
  /** At most 200. */
  limit?: number;
  cursor?: string;
}

export interface PeoplePage extends Page<Person> {
  total: number;
  total_is_estimate: boolean;
}

export interface Activity {
  id: Id;
  at: Instant;
  type: string;
  person_id: Id;
  site_id: Id | null;
  dialogue: Ref | null;
  conversation_id: Id | null;
  attributes: Record<string, unknown>;
  summary: string;
}

export interface AttributeDef {
  id: Id | null;
  of: "person" | "company" | "visit" | "inferred";
  name: string;
  label: string;
  type: AttributeType;
  standard: boolean;
  /** May be shown back to a visitor who has not proven who he or she is. */
  harmless: boolean;
  used_by: string[];
  sortable: boolean;
  editable: boolean;
}

export interface PeopleList {
  id: Id;
  name: string;
  size: number;
  created_at: Instant;
}

export interface Company {
  id: Id;
  name: string;
  domains: string[];
  attributes: Record<string, Value>;
  people: number;
  owner: Ref | null;
  created_at: Instant;
}

// ---- import -----------------------------------------------------------------

export type ImportState = "uploaded" | "running" | "paused" | "cancelled" | "done" | "failed";
export type ImportMode = "create" | "update" | "upsert";

export interface ImportColumn {
  header: string;
  samples: string[];
  /** The proposed or chosen attribute; null leaves the column out. */
  attribute: string | null;
}

export interface ImportProgress {
  bytes: number;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  rows_per_second: number;
  seconds_left: number | null;
}

export interface Import {
  id: Id;
  name: string;
  state: ImportState;
  mode: ImportMode | null;
  size_bytes: number;
  delimiter: string;
  encoding: string;
  columns: ImportColumn[];
  preview: string[][];
  progress: ImportProgress;
  list_id: Id | null;
  created_by: { id: Id; name: string } | string | null;
  created_at: Instant;
  finished_at: Instant | null;
  error: string | null;
}

// ---- conversations ----------------------------------------------------------

export interface ConversationSummary {
  id: Id;
  site: Ref | null;
  dialogue: { id: Id; name: string; kind: string } | null;
  person: { id: Id; full_name: string | null; email: string | null } | null;
  state: "triggered" | "engaged" | "completed" | "dropped";
  started_at: Instant;
  engaged_at: Instant | null;
  completed_at: Instant | null;
  /** When an e-mail address was given. */
  acquired_at: Instant | null;
  last_activity_at: Instant;
  page_url: string | null;
  messages: number;
  goals: string[];
}

export interface Message {
  seq: number;
  from: "bot" | "visitor" | "system";
  kind: "text" | "question" | "info" | "answer" | "notice";
  card_id: string | null;
  text: RichText;
  /** Taken back by the visitor, who went back to an earlier card. */
  superseded: boolean;
  at: Instant;
  answer?: {
    card_id: string;
    response_id?: string;
    values?: { label: string; value: string }[];
    skipped?: true;
  };
}

export type Conversation = ConversationSummary & { version: number; transcript: Message[] };

// ---- search -----------------------------------------------------------------

export interface SearchHit {
  kind: "person" | "dialogue" | "site" | "company" | "user" | "conversation";
  id: Id;
  title: string;
  subtitle: string | null;
  link: string;
}
