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
/** The figures of reports in which a conversation counts, whatever stage it is at now. */
export const REACHED = ["triggered", "engaged", "completed", "acquired", "goals", "documents"] as const;
/** What reports are cut by. */
export const PARTS = ["page", "device", "country", "known", "version"] as const;

export interface ConversationSearch {
  q?: string;
  state?: ConversationSummary["state"];
  reached?: (typeof REACHED)[number];
  /** With the figures `goals` and `documents`: of the one with this name. */
  named?: string;
  /** Of one part of a report: what it is cut by, and what the part has in common. */
  by?: (typeof PARTS)[number];
  key?: string;
  dialogue?: string;
  person?: string;
  /** Days, `2026-11-20`, both included; on which it was shown, or counted in the figure. */
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
    named: text(search.named),
    by: oneOf(search.by, PARTS),
    key: text(search.key),
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
