import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { DialogueState } from "@usher/api";
import type { DesignSearch } from "#lib/design-search.ts";
import { type ResultsSearch, resultsSearch } from "#lib/results/search.ts";
import { frameRoute } from "./root.ts";
import { DIALOGUE_STATES, designSearch, oneOf, text } from "./search.ts";

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

export const DIALOGUE_TABS = ["audience", "settings", "results", "versions"] as const;
export type DialogueTab = (typeof DIALOGUE_TABS)[number];

interface DialogueSearch extends DesignSearch, ResultsSearch {
  tab?: DialogueTab;
}

const dialogue = createRoute({
  getParentRoute: () => frameRoute,
  path: "/dialogues/$id",
  validateSearch: (search): DialogueSearch => ({
    tab: oneOf(search.tab, DIALOGUE_TABS),
    ...designSearch(search),
    ...resultsSearch(search),
  }),
  component: lazyRouteComponent(() => import("#features/dialogues/DialogueRecord.tsx"), "DialogueRecord"),
});

/** The record's screen shows its tabs itself; what is opened without one is opened in the designer. */
const tabs = createRoute({
  getParentRoute: () => dialogue,
  path: "/",
  beforeLoad: ({ params, search }) => {
    if (search.tab !== undefined) return;
    throw redirect({
      to: "/dialogues/$id/design",
      params,
      search: { card: search.card, pane: search.pane },
      replace: true,
    });
  },
});
const design = createRoute({ getParentRoute: () => dialogue, path: "/design" });

export const dialogueRoutes = [dialogues, dialogue.addChildren([tabs, design])] as const;
