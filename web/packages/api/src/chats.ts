import type { components } from "./schema.d.ts";
import type { Message } from "./types.ts";

type Schemas = components["schemas"];

/** Shapes of live chat, `/api/v1/chats` and `/api/v1/live`. The OpenAPI file says "text" where only some words are said. */

export type ChatState = "waiting" | "offered" | "with_agent" | "ended";
export type ChatOutcome =
  | "ended_by_agent"
  | "ended_by_visitor"
  | "timed_out"
  | "missed"
  | "nobody"
  | "cancelled";
export type ChatRole = "owner" | "guest";

interface Worded {
  state: ChatState;
  outcome?: ChatOutcome | null;
  agents: { id: string; name: string; role: ChatRole }[];
  last_message?: { from: Message["from"]; text: string; at: string } | null;
}
type Wordless<T> = Omit<T, keyof Worded>;

export type ChatRow = Wordless<Schemas["ChatRow"]> & Worded;
export type ChatView = Wordless<Schemas["ChatView"]> &
  Worded & {
    offers: (Omit<Schemas["ChatOffer"], "result"> & {
      result: "open" | "accepted" | "missed" | "declined" | "withdrawn";
    })[];
  };
export type ChatPerson = Schemas["ChatPerson"];
export type LiveChatFigures = Schemas["LiveChatFigures"];
export type LiveChatReport = Schemas["LiveChatReport"];
export interface ChatMessages {
  items: Message[];
  upto: number;
  epoch: number;
}
export type Offer = Omit<Schemas["Offer"], "role" | "said"> & { role: ChatRole; said: Message[] };
export type LiveMe = Omit<Schemas["LiveMe"], "offers"> & { offers: Offer[] };
export type AgentState = Schemas["AgentState"];
export interface LiveBoard {
  waiting: ChatRow[];
  active: ChatRow[];
  missed_today: ChatRow[];
  agents: AgentState[];
}
/** The number that a message was given. */
export type Said = Schemas["Said"];
