import type { ConversationSummary, Id, Instant, Person } from "./types.ts";

/** Shapes of sites, the audit log, the outbox and the start screen, `/api/v1`. */

export const COLOR_NAMES = [
  "header",
  "header_text",
  "background",
  "bot_bubble",
  "bot_text",
  "visitor_bubble",
  "visitor_text",
  "button",
  "button_text",
] as const;
export type ColorName = (typeof COLOR_NAMES)[number];
/** Each `#rrggbb`. */
export type Colors = Record<ColorName, string>;

export interface ContrastPair {
  a: ColorName;
  b: ColorName;
  /** 1 to 21. */
  ratio: number;
  /** At least 4.5. */
  ok: boolean;
}

export type Sound = "none" | "chime" | "pop" | "bell" | "knock";
export type ConsentMode = "open" | "interaction" | "required";

export interface SiteStyle {
  colors: Colors;
  /** A CSS font family; null: the visitor's own. */
  font: string | null;
  theme: "light" | "dark" | "auto";
  position: "right" | "left";
  padding: { x: number; y: number };
  bot_name: string;
  avatar_url: string | null;
  response_delay_ms: number;
  sound: Sound;
  poke: boolean;
  poke_on_mobile: boolean;
  /** `auto`, or one of the languages of the widget. */
  language: string;
}

export interface Site {
  id: Id;
  name: string;
  key: string;
  enabled: boolean;
  chat_enabled: boolean;
  version: number;
  created_at: Instant;
  style: SiteStyle;
  privacy: { consent_mode: ConsentMode; privacy_url: string | null; keep_ip: boolean };
  security: { validate_origin: boolean; allowed_domains: string[]; blocked_email_domains: string[] };
  poke_pause_minutes: number;
}

export interface Installation {
  snippet: string;
  csp: { directive: string; value: string }[];
  csp_line: string;
  last_seen_at: Instant | null;
  seen_hosts: string[];
}

export interface AuditEntry {
  id: Id;
  at: Instant;
  user: { id: Id | null; name: string } | null;
  via: "session" | "token" | "cli" | "system";
  /** `site.updated` */
  action: string;
  object_kind: string;
  object_id: Id | null;
  object_name: string | null;
  details: Record<string, unknown>;
  ip: string | null;
}

export type MailStatus = "waiting" | "sent" | "held" | "failed" | "dead";

export interface OutboxItem {
  id: Id;
  kind: string;
  status: MailStatus;
  to: string;
  subject: string;
  created_at: Instant;
  attempts: number;
  next_attempt_at: Instant | null;
  last_error: string | null;
}
export type OutboxMail = OutboxItem & { text: string; headers: Record<string, unknown> };

export interface MailSettings {
  configured: boolean;
  host: string | null;
  port: number | null;
  from: string | null;
}

export interface DayCounts {
  visits: number;
  triggered: number;
  engaged: number;
  completed: number;
  acquired: number;
}

export interface Home {
  needs: { kind: string; title: string; detail: string; link: string }[];
  counts_today: DayCounts;
  counts_yesterday: DayCounts;
  recent_people: Person[];
  recent_conversations: ConversationSummary[];
}
