import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { flag, text } from "./search.ts";

const canned = createRoute({
  getParentRoute: () => frameRoute,
  path: "/canned-responses",
  validateSearch: (search): { q?: string; response?: string; new?: boolean } => ({
    q: text(search.q),
    response: text(search.response),
    new: flag(search.new),
  }),
  component: lazyRouteComponent(() => import("#features/canned/CannedResponses.tsx"), "CannedResponses"),
});

export const cannedRoutes = [canned] as const;
