/**
 * The map of the console. A feature adds one file `routes/<feature>.ts` that
 * exports its routes, and one line here.
 */
import { createRoute, redirect } from "@tanstack/react-router";
import { meRoutes } from "./me.ts";
import { frameRoute, rootRoute } from "./root.ts";
import { sessionRoutes } from "./session.ts";

const start = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/me", replace: true });
  },
});

export const routeTree = rootRoute.addChildren([
  ...sessionRoutes,
  frameRoute.addChildren([start, ...meRoutes]),
]);
