import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { DialogueState } from "@usher/api";
import type { DesignSearch } from "#lib/design-search.ts";
import { type ResultsSearch, resultsSearch } from "#lib/results/search.ts";
import { frameRoute } from "./root.ts";
import { DIALOGUE_STATES, designSearch, oneOf, text } from "./search.ts";

const flows = createRoute({
  getParentRoute: () => frameRoute,
  path: "/flows",
  validateSearch: (search): { q?: string; site?: string; state?: DialogueState; new?: true } => ({
    q: text(search.q),
    site: text(search.site),
    state: oneOf(search.state, DIALOGUE_STATES),
    new: search.new === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("#features/flows/Flows.tsx"), "Flows"),
});

export const FLOW_TABS = ["settings", "results", "versions"] as const;
export type FlowTab = (typeof FLOW_TABS)[number];

interface FlowSearch extends DesignSearch, ResultsSearch {
  tab?: FlowTab;
}

const flow = createRoute({
  getParentRoute: () => frameRoute,
  path: "/flows/$id",
  validateSearch: (search): FlowSearch => ({
    tab: oneOf(search.tab, FLOW_TABS),
    ...designSearch(search),
    ...resultsSearch(search),
  }),
  component: lazyRouteComponent(() => import("#features/flows/FlowRecord.tsx"), "FlowRecord"),
});

/** The record's screen shows its tabs itself; what is opened without one is opened in the designer. */
const tabs = createRoute({
  getParentRoute: () => flow,
  path: "/",
  beforeLoad: ({ params, search }) => {
    if (search.tab !== undefined) return;
    throw redirect({
      to: "/flows/$id/design",
      params,
      search: { card: search.card, pane: search.pane },
      replace: true,
    });
  },
});
const design = createRoute({ getParentRoute: () => flow, path: "/design" });

export const flowRoutes = [flows, flow.addChildren([tabs, design])] as const;
