import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { DialogueState } from "@usher/api";
import { frameRoute } from "./root.ts";
import { oneOf, text } from "./search.ts";

export const DIALOGUE_STATES = [
  "draft",
  "published",
  "unpublished",
] as const satisfies readonly DialogueState[];

const dialogues = createRoute({
  getParentRoute: () => frameRoute,
  path: "/dialogues",
  validateSearch: (search): { q?: string; site?: string; state?: DialogueState; new?: true } => ({
    q: text(search.q),
    site: text(search.site),
    state: oneOf(search.state, DIALOGUE_STATES),
    new: search.new === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("#features/dialogues/Dialogues.tsx"), "Dialogues"),
});

export const DIALOGUE_TABS = ["cards", "audience", "settings", "results", "versions"] as const;
export type DialogueTab = (typeof DIALOGUE_TABS)[number];

const dialogue = createRoute({
  getParentRoute: () => frameRoute,
  path: "/dialogues/$id",
  validateSearch: (search): { tab?: DialogueTab; card?: string; days?: "7" | "90"; view?: "table" } => ({
    tab: oneOf(search.tab, DIALOGUE_TABS),
    card: text(search.card),
    days: oneOf(text(search.days), ["7", "90"]),
    view: oneOf(search.view, ["table"]),
  }),
  component: lazyRouteComponent(() => import("#features/dialogues/DialogueRecord.tsx"), "DialogueRecord"),
});

export const dialogueRoutes = [dialogues, dialogue] as const;
