/**
 * What the visitor API says and hears (`/api/visitor/v1`). Only shapes: no behaviour.
 * Field names are the wire's own (snake_case).
 */

export type ConsentMode = "open" | "interaction" | "required";

export type Span = { text: string; bold?: boolean; italic?: boolean; link?: string };
export type Block =
  | { type: "paragraph"; spans: Span[] }
  | { type: "list"; ordered: boolean; items: Span[][] };
export type RichText = { blocks: Block[] };

export type EventCondition =
  | { kind: "time_on_page" | "time_on_site"; seconds: number }
  | { kind: "scroll_depth"; percent: number }
  | { kind: "exit_intent" }
  | { kind: "page_views"; count: number };
export type Events = { mode: "all" | "any"; conditions: EventCondition[] };
/** What earlier page views of this visit already gathered. */
export type Elapsed = { page_seconds: number; site_seconds: number; page_views: number };

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
export type Field = {
  id: string;
  type: FieldType;
  label: string;
  placeholder?: string | null;
  options?: string[] | null;
  validation_message?: string | null;
  value?: string | null;
};
export type QuestionWaiting = {
  kind: "question";
  card_id: string;
  style: "buttons" | "list";
  responses: { id: string; label: string }[];
  allow_text: boolean;
};
export type InfoWaiting = { kind: "info"; card_id: string; fields: Field[]; skippable: boolean };
/** A document of the library, as its card offers it. */
export type OfferedDocument = { id: string; name: string; url: string; pages?: number | null };
export type DocumentWaiting = {
  kind: "document";
  card_id: string;
  /** Nothing when it is gone. */
  document: OfferedDocument | null;
  continue_label?: string | null;
};
/** What a visitor does with a document. */
export type DocumentEvent =
  | { kind: "opened" | "downloaded" | "printed" | "closed" }
  | { kind: "page"; page: number; seconds: number }
  | { kind: "search"; text: string };
export type AiWaiting = { kind: "ai_answer"; card_id: string; questions_left: number };
/** An agent, or the end of the chat with one: what the visitor writes is no answer of a card. */
export type LiveWaiting = { kind: "live_chat"; card_id: string };
export type Waiting = QuestionWaiting | InfoWaiting | DocumentWaiting | AiWaiting | LiveWaiting;

export type Answer = {
  card_id: string;
  response_id?: string | null;
  values?: { label: string; value: string }[] | null;
  skipped?: boolean | null;
};
export type Message = {
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
    | "changed"
    | "attachment";
  card_id: string | null;
  text: RichText;
  superseded: boolean;
  client_id?: string | null;
  at: string;
  answer?: Answer | null;
  /** The agent who wrote it. */
  author?: VisitorsAgent | null;
  edited_at?: string | null;
  deleted?: boolean;
  /** Only on `changed`: which message reads like this now. */
  changes?: number | null;
  /** A file that somebody sent. */
  attachment?: Attachment | null;
};
export type Attachment = {
  id: string;
  name: string;
  media_type: string;
  size: number;
  /** Pixels, of pictures. */
  width: number | null;
  height: number | null;
};
export type VisitorsAgent = { name: string; avatar_url?: string | null };
/** A chat with an agent, from asking for one to its end. */
export type VisitorChat = {
  id: string;
  /** Rises with every change. */
  revision: number;
  state: "waiting" | "with_agent" | "ended";
  outcome: "ended_by_agent" | "ended_by_visitor" | "timed_out" | "missed" | "nobody" | "cancelled" | null;
  agents: VisitorsAgent[];
  requested_at: string;
  /** The visitor waits no longer than this. */
  answer_by: string | null;
  /** It has been silent, and ends then. */
  ends_at: string | null;
  can_rate: boolean;
  rated: number | null;
};
/** How a conversation appears: beside the bubble, as a dialog over the page, or inside an element of it. */
export type Interface = "chatbot" | "popup" | "inline";
export type ConversationView = {
  /** Nothing as long as the conversation is not recorded. */
  id: string | null;
  kind: "dialogue" | "flow";
  dialogue_id: string;
  name: string;
  ui: Interface;
  state: "triggered" | "engaged" | "completed" | "dropped";
  allow_restart: boolean;
  allow_back: boolean;
  last_seq: number;
  /** Grows by one with every rewind; everything must then be fetched again. */
  epoch: number;
  messages: Message[];
  waiting: Waiting | null;
  /** The chat with an agent that was asked for last. */
  chat?: VisitorChat | null;
};

export type Input =
  | { kind: "response"; response_id: string }
  | { kind: "text"; text: string }
  | { kind: "values"; values: Record<string, string | boolean> }
  | { kind: "skip" | "continue" };

export type Colors = Record<
  | "header"
  | "header_text"
  | "background"
  | "bot_bubble"
  | "bot_text"
  | "visitor_bubble"
  | "visitor_text"
  | "button"
  | "button_text",
  string
>;
export type WidgetConfig = {
  site_name: string;
  bot_name: string;
  avatar_url: string | null;
  colors: Colors;
  font: string | null;
  theme: "light" | "dark" | "auto";
  position: "right" | "left";
  padding: { x: number; y: number };
  response_delay_ms: number;
  sound: "none" | "chime" | "pop" | "bell" | "knock";
  poke: boolean;
  poke_on_mobile: boolean;
  privacy_url: string | null;
  language: string;
  max_text: number;
};

export type ResolvedDialogue = {
  kind: "dialogue";
  dialogue_id: string;
  name: string;
  events: Events;
  met: boolean;
  elapsed: Elapsed;
  poke: string | null;
  opening: Message[];
  opening_waiting: Waiting | null;
  conversation: ConversationView | null;
  dismissed: boolean;
};
/** A draft behind a preview link: nothing of it is recorded. */
export type ResolvedPreview = {
  kind: "preview";
  dialogue_id: string;
  name: string;
  state: string;
  conversation: ConversationView;
};
export type Resolved =
  | { kind: "continue"; conversation: ConversationView }
  | ResolvedDialogue
  | ResolvedPreview;
export type PageResponse = {
  visitor_token: string | null;
  consent_mode: ConsentMode;
  widget: WidgetConfig | null;
  resolved: Resolved | null;
  assets: { view: string };
};
/** A started flow. `state`: it is not recorded, and this goes back with the next turn. */
export type Started = {
  visitor_token: string | null;
  how: "recorded" | "unrecorded" | "waiting_for_click";
  state: string | null;
  conversation: ConversationView;
  widget: WidgetConfig;
};
/** RFC 9457, as far as the widget reads it. */
export type Problem = {
  title?: string;
  detail?: string;
  errors?: { field: string; reason?: string; code?: string }[];
  current?: ConversationView;
};
