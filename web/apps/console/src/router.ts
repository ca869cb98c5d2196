import { createRouter } from "@tanstack/react-router";
import { queryClient } from "#lib/api/query-client.ts";
import { routeTree } from "./routes/tree.ts";
import { RouteFailed, RouteMissing, RoutePending } from "./shell/RouteStates.tsx";

export const router = createRouter({
  routeTree,
  basepath: "/console",
  context: { queryClient },
  defaultPreload: "intent",
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: RoutePending,
  defaultErrorComponent: RouteFailed,
  defaultNotFoundComponent: RouteMissing,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
