import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { flag, oneOf } from "./search.ts";

const responses = createRoute({
  getParentRoute: () => frameRoute,
  path: "/responses",
  validateSearch: (search): { tab?: "responses" | "unanswered"; new?: boolean } => ({
    tab: oneOf(search.tab, ["responses", "unanswered"]),
    new: flag(search.new),
  }),
  component: lazyRouteComponent(() => import("#features/responses/Responses.tsx"), "Responses"),
});

export const responseRoutes = [responses] as const;
