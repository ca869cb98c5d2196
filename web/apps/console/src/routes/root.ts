import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { ApiProblem } from "@usher/api";
import { sessionQuery } from "#lib/api/session.ts";
import { AddressMissing } from "#shell/RouteStates.tsx";

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: AddressMissing,
});

/**
 * Everything behind the sign-in: its children are shown inside the navigation
 * and may rely on `useMe()`.
 */
export const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "frame",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        const away = location.href === "/" ? {} : { return: location.href };
        throw redirect({ to: "/sign-in", search: away, replace: true });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import("#shell/Frame.tsx"), "Frame"),
});
