/**
 * The map of the console. A feature adds one file `routes/<feature>.ts` that
 * exports its routes, and one line here.
 */
import { createRoute, redirect } from "@tanstack/react-router";
import { companyRoutes } from "./companies.ts";
import { configurationRoutes } from "./configuration.ts";
import { importRoutes } from "./imports.ts";
import { meRoutes } from "./me.ts";
import { peopleRoutes } from "./people.ts";
import { frameRoute, rootRoute } from "./root.ts";
import { sessionRoutes } from "./session.ts";

const start = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/people", replace: true });
  },
});

export const routeTree = rootRoute.addChildren([
  ...sessionRoutes,
  frameRoute.addChildren([
    start,
    ...peopleRoutes,
    ...companyRoutes,
    ...importRoutes,
    ...configurationRoutes,
    ...meRoutes,
  ]),
]);
