import type { components } from "./schema.d.ts";

/**
 * The shapes of the console API, `/api/v1`, as screens import them.
 *
 * They are those of the server's OpenAPI file (`schema.d.ts`, made by `cargo xtask regen`). Written by hand is only what that
 * file cannot say: the recursive languages (criteria, rich text), what is generic, and what the browser leaves out of a request.
 */

type Schemas = components["schemas"];

export type Id = string;
/** RFC 3339, UTC, millisecond precision. */
export type Instant = Schemas["At"];

/** By hand: OpenAPI has no generics, and writes a shape of its own for each list. */
export interface Page<T> {
  items: T[];
  /** Cursor of the next page; null at the end. */
  next: string | null;
}

/** A value of an attribute: dates as `2026-11-20`, date-times as RFC 3339. */
export type Value = Schemas["AttributeValue"];
export type AttributeType = Schemas["AttributeTypeWord"];

// ---- rich text and criteria: by hand, the OpenAPI file leaves these trees open ---------------

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

export type ThemeChoice = Schemas["ThemeChoice"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type SessionInfo = Schemas["SessionInfo"];
export type Profile = Schemas["Profile"];
export type PermissionArea = Schemas["Area"];
export type ApiToken = Schemas["ApiToken"];
/** The secret is in the answer to the creation only. */
export type NewApiToken = Schemas["NewApiToken"];
export type Invitation = Schemas["Invitation"];

// ---- people -----------------------------------------------------------------

export type Ref = Schemas["Ref"];
/** How sure Usher is of who this is. */
export type Rung = Schemas["RungWord"];
export type Person = Schemas["Person"];
export type OriginSource = Schemas["OriginSource"];
export type Origin = Schemas["Origin"];
export type Suggestion = Schemas["Suggestion"];
export type PersonDetail = Schemas["PersonDetail"];
export type PersonSort = Schemas["SortBy"];
/** The criteria are a tree that the OpenAPI file leaves open; absent rather than null in what the browser asks. */
export interface PeopleSearch {
  q?: string;
  criteria?: Criteria;
  sort?: Required<Schemas["Sort"]>;
  known?: boolean;
  /** At most 200. */
  limit?: number;
  cursor?: string;
}
export type PeoplePage = Schemas["Found"];
export type Activity = Schemas["Activity"];
export type AttributeDef = Schemas["AttributeDef"];
export type PeopleList = Schemas["PeopleList"];
export type Company = Schemas["Company"];

// ---- import -----------------------------------------------------------------

export type ImportState = Schemas["ImportStateWord"];
export type ImportMode = Schemas["ImportModeWord"];
export type ImportColumn = Schemas["ImportColumn"];
export type ImportProgress = Schemas["Progress"];
export type Import = Schemas["Import"];

// ---- conversations ----------------------------------------------------------

/** The state is one of four words; the OpenAPI file says "text". */
export type ConversationSummary = Omit<Schemas["ConversationSummary"], "state"> & {
  state: "triggered" | "engaged" | "completed" | "dropped";
};

/** By hand: the OpenAPI file leaves rich text and answers open. */
export interface Message {
  seq: number;
  from: "bot" | "visitor" | "system" | "agent";
  kind:
    | "text"
    | "question"
    | "info"
    | "document"
    | "ai_answer"
    | "answer"
    | "notice"
    | "event"
    /** A file that somebody sent; the text is its name. */
    | "attachment"
    /** Of an agent to colleagues. */
    | "note"
    /** An earlier message reads like this now. */
    | "changed";
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
  client_id?: string | null;
  /** The agent who wrote it. */
  author?: { id?: string; name: string } | null;
  edited_at?: Instant | null;
  deleted?: boolean;
  changes?: number | null;
  attachment?: Attachment | null;
}

/** A file in a chat. */
export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size: number;
  /** Pixels, of pictures. */
  width: number | null;
  height: number | null;
}

export type Conversation = ConversationSummary & { version: number; transcript: Message[] };

// ---- search -----------------------------------------------------------------

export type SearchHit = Schemas["SearchHit"];

// ---- configuration as text -------------------------------------------------------------------

export type TextFile = Schemas["TextFile"];
export type ConfigurationReport = Schemas["ConfigurationReport"];
export type PlannedChange = Schemas["PlannedChange"];
export type TextProblem = Schemas["TextProblem"];
export type TestedScript = Schemas["TestedScript"];
