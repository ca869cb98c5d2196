import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { oneOf } from "./search.ts";

/** `new` opens the panel that makes one, so that the palette can lead there. */
const opening = (search: Record<string, unknown>): { new?: true } => ({
  new: search.new === true ? true : undefined,
});

const attributes = createRoute({
  getParentRoute: () => frameRoute,
  path: "/attributes",
  validateSearch: (search): { of?: "company"; new?: true } => ({
    of: oneOf(search.of, ["company"]),
    ...opening(search),
  }),
  component: lazyRouteComponent(() => import("#features/attributes/Attributes.tsx"), "Attributes"),
});
const users = createRoute({
  getParentRoute: () => frameRoute,
  path: "/users",
  validateSearch: opening,
  component: lazyRouteComponent(() => import("#features/users/Users.tsx"), "Users"),
});
const user = createRoute({
  getParentRoute: () => frameRoute,
  path: "/users/$id",
  component: lazyRouteComponent(() => import("#features/users/UserRecord.tsx"), "UserRecord"),
});
const profiles = createRoute({
  getParentRoute: () => frameRoute,
  path: "/profiles",
  component: lazyRouteComponent(() => import("#features/profiles/Profiles.tsx"), "Profiles"),
});
const profile = createRoute({
  getParentRoute: () => frameRoute,
  path: "/profiles/$id",
  component: lazyRouteComponent(() => import("#features/profiles/ProfileEditor.tsx"), "ProfileEditor"),
});
const tokens = createRoute({
  getParentRoute: () => frameRoute,
  path: "/tokens",
  validateSearch: opening,
  component: lazyRouteComponent(() => import("#features/tokens/Tokens.tsx"), "Tokens"),
});

export const configurationRoutes = [attributes, users, user, profiles, profile, tokens] as const;
