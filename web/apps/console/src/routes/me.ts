import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";

const me = createRoute({
  getParentRoute: () => frameRoute,
  path: "/me",
  component: lazyRouteComponent(() => import("#features/me/MyProfile.tsx"), "MyProfile"),
});

const availability = createRoute({
  getParentRoute: () => frameRoute,
  path: "/me/availability",
  component: lazyRouteComponent(() => import("#features/me/MyAvailability.tsx"), "MyAvailability"),
});

const notifications = createRoute({
  getParentRoute: () => frameRoute,
  path: "/me/notifications",
  component: lazyRouteComponent(() => import("#features/me/MyNotifications.tsx"), "MyNotifications"),
});

export const meRoutes = [me, availability, notifications] as const;
