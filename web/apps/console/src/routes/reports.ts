import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { PeriodSearch } from "#lib/results/PeriodChoice.tsx";
import { resultsSearch } from "#lib/results/search.ts";
import { frameRoute } from "./root.ts";
import { oneOf, text } from "./search.ts";

export interface LiveChatSearch extends PeriodSearch {
  /** Totals and days of an agent, or of a team. */
  agent?: string;
  team?: string;
  /** Of what there is a row each; agents when absent. */
  by?: "teams" | "days";
}

const liveChat = createRoute({
  getParentRoute: () => frameRoute,
  path: "/reports/live-chat",
  validateSearch: (search): LiveChatSearch => {
    const { days, from, to } = resultsSearch(search);
    return {
      days,
      from,
      to,
      agent: text(search.agent),
      team: text(search.team),
      by: oneOf(search.by, ["teams", "days"]),
    };
  },
  component: lazyRouteComponent(() => import("#features/reports/LiveChat.tsx"), "LiveChat"),
});

export const reportRoutes = [liveChat] as const;
