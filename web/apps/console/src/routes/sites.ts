import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { oneOf } from "./search.ts";

const sites = createRoute({
  getParentRoute: () => frameRoute,
  path: "/sites",
  validateSearch: (search): { new?: true } => ({ new: search.new === true ? true : undefined }),
  component: lazyRouteComponent(() => import("#features/sites/Sites.tsx"), "Sites"),
});

export const SITE_TABS = ["style", "privacy", "installation", "security", "general"] as const;
export type SiteTab = (typeof SITE_TABS)[number];

const site = createRoute({
  getParentRoute: () => frameRoute,
  path: "/sites/$id",
  validateSearch: (search): { tab?: SiteTab } => ({ tab: oneOf(search.tab, SITE_TABS) }),
  component: lazyRouteComponent(() => import("#features/sites/SiteRecord.tsx"), "SiteRecord"),
});

export const siteRoutes = [sites, site] as const;
