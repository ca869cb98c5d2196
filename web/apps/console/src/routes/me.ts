import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";

const me = createRoute({
  getParentRoute: () => frameRoute,
  path: "/me",
  component: lazyRouteComponent(() => import("#features/me/MyProfile.tsx"), "MyProfile"),
});

export const meRoutes = [me] as const;
