import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "./root.ts";
import { text } from "./search.ts";

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search): { return?: string } => ({ return: text(search.return) }),
  component: lazyRouteComponent(() => import("#features/session/SignIn.tsx"), "SignIn"),
});
const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  component: lazyRouteComponent(() => import("#features/session/Setup.tsx"), "Setup"),
});
const forgotten = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgotten",
  component: lazyRouteComponent(() => import("#features/session/Forgotten.tsx"), "Forgotten"),
});
const join = createRoute({
  getParentRoute: () => rootRoute,
  path: "/join/$token",
  component: lazyRouteComponent(() => import("#features/session/Join.tsx"), "Join"),
});
const reset = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset/$token",
  component: lazyRouteComponent(() => import("#features/session/Reset.tsx"), "Reset"),
});

/** What stands before the sign-in. */
export const sessionRoutes = [signIn, setup, forgotten, join, reset] as const;
