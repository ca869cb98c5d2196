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

/** Shows a document of the library and waits until the visitor goes on. */
export interface DocumentCard extends CardBase {
  kind: "document";
  text: RichText;
  /** `doc_…`; null in an unfinished draft. */
  document: Id | null;
  continue_label?: string;
  next: Next;
}

/** Who takes a meeting or a live chat. */
export type Routing =
  | { by: "round_robin" }
  | { by: "custom_rules" }
  | { by: "agent"; agent: Id | null }
  | { by: "team"; team: Id | null };

export interface MeetingCard extends CardBase {
  kind: "meeting";
  text: RichText;
  routing: Routing;
  save_agent_name?: string;
  save_agent_email?: string;
  /** Said when nobody can be booked; absent: the site's text. */
  fallback?: RichText;
  booked: Next;
  not_booked: Next;
}

/** Always the last card of its branch. */
export interface LiveChatCard extends CardBase {
  kind: "live_chat";
  text: RichText;
  routing: Routing;
  any_available_agent?: boolean;
  /** Said when nobody takes the chat; absent: the site's text. */
  fallback?: RichText;
}

export type MomentType = "email" | "web" | "milestone";

export type Action =
  | { do: "set_attribute"; attribute: string; value: string; overwrite: Overwrite }
  | { do: "add_to_list" | "remove_from_list"; list: Id | null }
  | { do: "change_score"; by: number }
  | { do: "interesting_moment"; moment: MomentType; text: string }
  | { do: "call_webhook"; url: string };

export interface ActionCard extends CardBase {
  kind: "action";
  /** 1 to 20. */
  actions: Action[];
  next: Next;
}

export interface BranchCase {
  id: string;
  name: string;
  criteria: Criteria;
  next: Next;
}

export interface BranchCard extends CardBase {
  kind: "branch";
  /** 1 to 20; the first that holds is taken. */
  cases: BranchCase[];
  otherwise: Next;
}

/** Runs a conversational flow and goes on. */
export interface FlowCard extends CardBase {
  kind: "flow";
  flow: Id | null;
  next: Next;
}

export interface AiAnswerCard extends CardBase {
  kind: "ai_answer";
  text: RichText;
  /** Said before a further question; absent: the invitation again. */
  follow_up?: RichText;
  /** 1 to 5. */
  questions: number;
  instructions?: string;
  /** Only responses with one of these topics; absent: all. */
  topics?: string[];
  fallback: RichText;
  next: Next;
  not_answered: Next;
}

export interface JumpCard extends CardBase {
  kind: "jump";
  to: Next;
}

export type Card =
  | MessageCard
  | QuestionCard
  | InfoCaptureCard
  | DocumentCard
  | MeetingCard
  | LiveChatCard
  | GoalCard
  | ActionCard
  | BranchCard
  | FlowCard
  | AiAnswerCard
  | JumpCard;
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

/** Where a card stands on the designer's canvas. */
export interface Point {
  x: number;
  y: number;
}

export type Interface = "chatbot" | "popup" | "inline";

/** A step of a scripted conversation. */
export type ScriptStep =
  | { step: "choose"; response: string }
  | { step: "type"; text: string }
  | { step: "fill"; values: Record<string, string> }
  | { step: "skip" }
  | { step: "continue" }
  | { step: "back"; card: string }
  | { step: "expect_says"; text: string }
  | { step: "expect_asks"; card: string }
  | { step: "expect_goal" | "expect_no_goal"; goal: string }
  | { step: "expect_attribute"; attribute: string; value: string }
  | { step: "expect_end" };

/** A scripted conversation that a dialogue keeps as its test. */
export interface Script {
  name: string;
  /** Attributes of whoever takes part, as text by path. */
  visitor?: Record<string, string>;
  steps: ScriptStep[];
}

export interface Draft {
  stream: Stream;
  targeting: Targeting;
  allow_back: boolean;
  allow_restart: boolean;
  /** `auto`, or one of the languages of the widget. */
  language: string;
  /** How a flow appears when its start says nothing else. */
  interface?: Interface;
  /** By card id; cards without a place are arranged. */
  layout?: Record<CardId, Point>;
  tests?: Script[];
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

/** A value to be filled in, as a visitor sees it. */
export interface OfferedField {
  id: string;
  type: FieldType;
  label: string;
  placeholder?: string;
  options?: string[];
  validation_message?: string;
  value?: string;
}

/** What a conversation waits for. */
export type Waiting =
  | {
      kind: "question";
      card_id: CardId;
      style: QuestionCard["style"];
      responses: { id: string; label: string }[];
      allow_text: boolean;
    }
  | { kind: "info"; card_id: CardId; fields: OfferedField[]; skippable: boolean }
  | {
      kind: "document";
      card_id: CardId;
      document: { id: Id; name: string; url: string; pages?: number } | null;
      continue_label?: string;
    }
  | { kind: "ai_answer"; card_id: CardId; questions_left: number };

/** What is answered at the card that waits. */
export type AnswerInput =
  | { kind: "response"; response_id: string }
  | { kind: "text"; text: string }
  | { kind: "values"; values: Record<string, string | boolean> }
  | { kind: "skip" }
  | { kind: "continue" };

/** A turn of a conversation that leaves no trace. */
export type Did =
  | { answer: { card_id: CardId; input: AnswerInput } }
  | { back: { card_id: CardId } }
  | { restart: Record<string, never> };

export interface PreviewTurn {
  draft?: Draft;
  person_id?: Id;
  attributes?: Record<string, string>;
  /** Absent: it begins. */
  state?: string;
  did?: Did;
}

/** Where the preview of a draft stands. */
export interface Preview {
  state: string;
  messages: Message[];
  waiting: Waiting | null;
  current_card: CardId | null;
  ended: boolean;
  goals: string[];
  /** What is known of the visitor now, by path. */
  attributes: Record<string, string>;
  /** The cards walked in this turn. */
  passed: CardId[];
}

export type PreviewLink = Schemas["PreviewLink"];
export type ScriptResult = Schemas["TestResult"];
/** Who else has a draft open. */
export type Editing = Schemas["Editing"];

/** A PDF of the library, `/api/v1/documents`. */
export type LibraryDocument = Schemas["Document"];
export type LibraryUse = Schemas["LibraryUse"];
/** What dialogues and flows are meant to reach, `/api/v1/goals`. */
export type LibraryGoal = Schemas["Goal"];
export type DocumentFigures = Schemas["DocumentFigures"];
export type DocumentPage = Schemas["DocumentPage"];
export type DocumentReport = Schemas["DocumentReport"];
export type DocumentOpening = Schemas["DocumentOpening"];

export type DialogueTemplate = Schemas["Template"];

export interface PatternVerdict {
  matches: boolean;
  decided_by: string | null;
  reason: "included" | "excluded" | "no_inclusion_matches";
}

/** An answer in a transcript, with the card it belongs to. */
export type Answer = NonNullable<Message["answer"]>;
