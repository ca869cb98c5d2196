/**
 * The frames of the two sockets, `/api/v1/socket` and `/api/visitor/v1/socket`: JSON, one object each. Told apart by `t`.
 * What a chat and a message look like differs from side to side, and stands in the OpenAPI file.
 */

export const PROTOCOL = 1;

/** What both sides may say. The first is `hello`. */
export type ClientFrame =
  | { t: "hello"; protocol: typeof PROTOCOL; token?: string }
  | { t: "watch"; conversation: string; after: number; epoch: number }
  | { t: "unwatch"; conversation: string }
  | { t: "typing"; conversation: string; on: boolean }
  | { t: "read"; conversation: string; seq: number }
  | { t: "ping" };

export type Side = "visitor" | "agent";

/** The messages of a conversation that the viewer may see, with `after` < number ≤ `upto`. */
export type MessagesFrame<Message> = {
  t: "messages";
  conversation: string;
  epoch: number;
  after: number;
  upto: number;
  items: Message[];
};

/** What the server says to either side. */
export type ServerFrame<Chat, Message> =
  | { t: "ready"; protocol: number; at: string }
  | MessagesFrame<Message>
  /** Too far behind, or changed from the beginning: everything is to be read again. */
  | { t: "resync"; conversation: string }
  | { t: "chat"; conversation: string; chat: Chat }
  | { t: "typing"; conversation: string; who: Side; name?: string; on: boolean }
  | { t: "read"; conversation: string; who: Side; seq: number }
  | { t: "refused"; conversation?: string; code: string; detail: string }
  /** The connection ends, and why; a server that goes away says after how long to come back. */
  | { t: "bye"; code: string; detail: string; again_in_ms?: number }
  | { t: "pong" };

/** What it says to agents besides. */
export type AgentFrame<Offer, Me> =
  | { t: "offer"; offer: Offer }
  | { t: "offer_gone"; chat_id: string; reason: "accepted" | "missed" | "declined" | "withdrawn" }
  | { t: "me"; me: Me }
  /** A row of the inbox or of the board has changed. */
  | { t: "inbox" };
