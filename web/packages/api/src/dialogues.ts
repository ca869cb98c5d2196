import type { components } from "./schema.d.ts";
import type { Criteria, Id, Instant, Message, RichText } from "./types.ts";

type Schemas = components["schemas"];

/** Shapes of dialogues, their cards and their targeting, `/api/v1/dialogues`. */

/** Unique in its stream, `[a-z0-9_-]{1,40}`. */
export type CardId = string;
/** Where a card leads; null ends the branch. */
export type Next = CardId | null;

export type Overwrite = "always" | "if_empty";

interface CardBase {
  id: CardId;
  /** What authors call it; the name of its answer in tokens, too. */
  title?: string;
}

export interface MessageCard extends CardBase {
  kind: "message";
  text: RichText;
  next: Next;
}

export interface QuestionResponse {
  id: string;
  label: string;
  stored_value?: string;
  next: Next;
}

export interface QuestionCard extends CardBase {
  kind: "question";
  text: RichText;
  style: "buttons" | "list";
  /** 2 to 20. */
  responses: QuestionResponse[];
  /** The branch of typed text that fits no response; absent: such text is refused. */
  free_text?: { next: Next };
  attribute?: string;
  overwrite?: Overwrite;
}

export type FieldType =
  | "text"
  | "long_text"
  | "email"
  | "phone"
  | "number"
  | "date"
  | "url"
  | "picklist"
  | "consent";

export interface Field {
  id: string;
  type: FieldType;
  label: string;
  placeholder?: string;
  options?: string[];
  /** `person.x` or `company.x`; an e-mail field without one sets `person.email`. */
  attribute?: string;
  overwrite: Overwrite;
  validation_message?: string;
  refuse?: ("free" | "disposable")[];
}

export interface InfoCaptureCard extends CardBase {
  kind: "info_capture";
  text: RichText;
  /** 1 to 10. */
  fields: Field[];
  skip_if_known: boolean;
  /** False: the visitor may skip it. */
  required: boolean;
  next: Next;
}

export interface GoalCard extends CardBase {
  kind: "goal";
  goal: string;
  next: Next;
}

export type Card = MessageCard | QuestionCard | InfoCaptureCard | GoalCard;
export type CardKind = Card["kind"];

export interface Stream {
  start: CardId;
  /** In the author's order. */
  cards: Card[];
}

export type EventCondition =
  | { kind: "time_on_page" | "time_on_site"; seconds: number }
  | { kind: "scroll_depth"; percent: number }
  | { kind: "exit_intent" }
  | { kind: "page_views"; count: number };

export interface Targeting {
  audience: Criteria;
  pages: { include: string[]; exclude: string[] };
  events: { mode: "all" | "any"; conditions: EventCondition[] };
  caps: {
    per_visitor?: { times: number; period_days: number };
    pause_after_dismissal_days?: number;
    /** 1 to 100, sticky per visitor. */
    share?: number;
  };
}

export interface Draft {
  stream: Stream;
  targeting: Targeting;
  allow_back: boolean;
  allow_restart: boolean;
  /** `auto`, or one of the languages of the widget. */
  language: string;
}

export type DialogueCounts = Schemas["Counts"];

export type DialogueState = "draft" | "published" | "unpublished";

export interface DialogueSummary {
  id: Id;
  site_id: Id;
  name: string;
  description: string;
  state: DialogueState;
  enabled: boolean;
  /** 1 is the highest. */
  priority: number;
  draft_version: number;
  has_unpublished_changes: boolean;
  published: { version: number; at: Instant; by: Author } | null;
  counts: DialogueCounts;
  created_at: Instant;
  updated_at: Instant;
  updated_by: Author;
}

/** Who did something, as far as it is known. */
export type Author = { id: Id | null; name: string } | string | null;

export interface Dialogue extends DialogueSummary {
  draft: Draft;
}

export interface DialogueVersion {
  version: number;
  at: Instant;
  by: Author;
}

export interface DialogueVersionDetail extends DialogueVersion {
  draft: Draft;
}

/** Something the check of a draft found; `field` is a path inside the card (`responses/0/label`). */
export type Finding = Schemas["FoundProblem"];
export type CheckResult = Schemas["Checked"];

export type DialogueTemplate = Schemas["Template"];
/** A day is `2026-11-20`, cut in the zone of the instance. */
export type ReportDay = Schemas["Day"];
export type DialogueReport = Schemas["Report"];

export interface PatternVerdict {
  matches: boolean;
  decided_by: string | null;
  reason: "included" | "excluded" | "no_inclusion_matches";
}

/** An answer in a transcript, with the card it belongs to. */
export type Answer = NonNullable<Message["answer"]>;
