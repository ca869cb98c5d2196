import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { ChatOutcome } from "@usher/api";
import { frameRoute } from "./root.ts";
import { oneOf, text } from "./search.ts";

export const OUTCOMES = [
  "ended_by_agent",
  "ended_by_visitor",
  "timed_out",
] as const satisfies readonly ChatOutcome[];
export const RATINGS = ["1", "2", "3", "4", "5"] as const;

export interface InboxSearch {
  /** The chat that is open. */
  chat?: string;
  /** On small screens: the visitor instead of the conversation. */
  step?: "visitor";
  /** Also what is over. */
  scope?: "all";
  q?: string;
  agent?: string;
  team?: string;
  outcome?: (typeof OUTCOMES)[number];
  rating?: (typeof RATINGS)[number];
  /** Days, `2026-11-20`, both included. */
  from?: string;
  to?: string;
}

const inbox = createRoute({
  getParentRoute: () => frameRoute,
  path: "/inbox",
  validateSearch: (search): InboxSearch => ({
    chat: text(search.chat),
    step: oneOf(search.step, ["visitor"]),
    scope: oneOf(search.scope, ["all"]),
    q: text(search.q),
    agent: text(search.agent),
    team: text(search.team),
    outcome: oneOf(search.outcome, OUTCOMES),
    rating: oneOf(text(search.rating), RATINGS),
    from: text(search.from),
    to: text(search.to),
  }),
  component: lazyRouteComponent(() => import("#features/inbox/Inbox.tsx"), "Inbox"),
});

const board = createRoute({
  getParentRoute: () => frameRoute,
  path: "/inbox/board",
  component: lazyRouteComponent(() => import("#features/inbox/Board.tsx"), "Board"),
});

export const inboxRoutes = [inbox, board] as const;
