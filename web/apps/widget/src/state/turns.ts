import type { ConversationView } from "../protocol.ts";
import type { Op } from "./outbox.ts";

/** What the server says to an operation: a conversation, or one wrapped together with what goes with it. */
export type Turned =
  | ConversationView
  | { conversation: ConversationView; visitor_token?: string | null; state?: string | null };

/** The conversation in an answer, where it stands when it is not recorded, and the visitor's token if one is new. */
export const unwrap = (
  body: Turned,
): { view: ConversationView; sealed: string | null; token: string | null } => {
  if (!("conversation" in body)) return { view: body, sealed: null, token: null };
  const { conversation, state = null, visitor_token = null } = body;
  return { view: conversation, sealed: state, token: visitor_token };
};

/** How an operation is asked in a conversation that is recorded. */
export const recorded = (op: Op, id: string | null, after: number): [path: string, body: object] => {
  const { client_id } = op;
  const path = `conversations/${id}/${op.kind}`;
  const page_url = location.href.split("#")[0];
  if (op.kind === "input")
    return [path, { client_id, card_id: op.card_id, input: op.input, page_url, after }];
  if (op.kind === "say") return [`conversations/${id}/messages`, { client_id, text: op.echo.text }];
  if (op.kind === "document") return [path, { client_id, card_id: op.card_id, event: op.event, page_url }];
  if (op.kind === "back") return [path, { client_id, card_id: op.card_id }];
  return [path, op.kind === "restart" ? { client_id } : {}];
};

/** And in one that is not: where it stands goes along. Closing such a one, or reading in it, is nobody's business. */
export const unrecorded = (op: Op, state: string): [path: string, body: object] | null => {
  const { client_id } = op;
  const turn = (did: object): [string, object] => ["unrecorded", { state, client_id, did }];
  if (op.kind === "input") return turn({ answer: { card_id: op.card_id, input: op.input } });
  if (op.kind === "back") return turn({ back: { card_id: op.card_id } });
  if (op.kind === "document" && op.event.kind === "opened")
    return turn({ open_document: { card_id: op.card_id } });
  return op.kind === "restart" ? turn({ restart: {} }) : null;
};
