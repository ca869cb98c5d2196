import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { ConversationSummary } from "@usher/api";
import { frameRoute } from "./root.ts";
import { oneOf, text } from "./search.ts";

export const STAGES = [
  "triggered",
  "engaged",
  "completed",
  "dropped",
] as const satisfies readonly ConversationSummary["state"][];
/** What a conversation came to at some time, whatever stage it is at now. */
export const REACHED = ["engaged", "completed", "acquired"] as const;

export interface ConversationSearch {
  q?: string;
  state?: ConversationSummary["state"];
  reached?: (typeof REACHED)[number];
  dialogue?: string;
  person?: string;
  /** Days, `2026-11-20`, both included. */
  from?: string;
  to?: string;
}

const conversations = createRoute({
  getParentRoute: () => frameRoute,
  path: "/conversations",
  validateSearch: (search): ConversationSearch => ({
    q: text(search.q),
    state: oneOf(search.state, STAGES),
    reached: oneOf(search.reached, REACHED),
    dialogue: text(search.dialogue),
    person: text(search.person),
    from: text(search.from),
    to: text(search.to),
  }),
  component: lazyRouteComponent(() => import("#features/conversations/Conversations.tsx"), "Conversations"),
});
const conversation = createRoute({
  getParentRoute: () => frameRoute,
  path: "/conversations/$id",
  component: lazyRouteComponent(
    () => import("#features/conversations/ConversationRecord.tsx"),
    "ConversationRecord",
  ),
});

export const conversationRoutes = [conversations, conversation] as const;
