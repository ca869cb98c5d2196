import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { flag, oneOf, text } from "./search.ts";

const goals = createRoute({
  getParentRoute: () => frameRoute,
  path: "/goals",
  validateSearch: (search): { days?: "7" | "28" | "90"; goal?: string; new?: boolean } => ({
    days: oneOf(text(search.days), ["7", "28", "90"]),
    goal: text(search.goal),
    new: flag(search.new),
  }),
  component: lazyRouteComponent(() => import("#features/goals/Goals.tsx"), "Goals"),
});

export const goalRoutes = [goals] as const;
