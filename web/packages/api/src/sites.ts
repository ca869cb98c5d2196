import type { components } from "./schema.d.ts";
import type { ConversationSummary, Id, Instant } from "./types.ts";

type Schemas = components["schemas"];

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
export type Colors = Schemas["Colors"];

export interface ContrastPair {
  a: ColorName;
  b: ColorName;
  /** 1 to 21. */
  ratio: number;
  /** At least 4.5. */
  ok: boolean;
}

export type Sound = Schemas["Sound"];
export type ConsentMode = Schemas["ConsentMode"];

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

export type Installation = Schemas["Installation"];
/** With what a site signs who its visitors are. */
export type SiteIdentity = Schemas["IdentityView"];

/** The OpenAPI file says "text" and "object" where the log has four words and any members. */
export type AuditEntry = Omit<Schemas["Entry"], "via" | "details"> & {
  via: "session" | "token" | "cli" | "system";
  details: Record<string, unknown>;
};

export type MailStatus = "waiting" | "sent" | "held" | "failed" | "dead";

export type OutboxItem = Omit<Schemas["OutboxItem"], "status"> & { status: MailStatus };
export type OutboxMail = OutboxItem & { text: string; headers: Record<string, unknown> };

export type MyNotifications = Schemas["MyNotifications"];
export type NotificationWays = Schemas["NotificationWays"];
export type PushBrowser = Schemas["PushBrowser"];

export type WebhookSigning = Schemas["WebhookSigning"];
export type MailSettings = Schemas["MailSettings"];
export type DayCounts = Schemas["DayCounts"];
export type Home = Omit<Schemas["Home"], "recent_conversations"> & {
  recent_conversations: ConversationSummary[];
};
