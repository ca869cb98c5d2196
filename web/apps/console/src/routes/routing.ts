import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { flag, text } from "./search.ts";

const agents = createRoute({
  getParentRoute: () => frameRoute,
  path: "/agents",
  component: lazyRouteComponent(() => import("#features/routing/Agents.tsx"), "Agents"),
});

const teams = createRoute({
  getParentRoute: () => frameRoute,
  path: "/teams",
  validateSearch: (search): { new?: boolean } => ({ new: flag(search.new) }),
  component: lazyRouteComponent(() => import("#features/routing/Teams.tsx"), "Teams"),
});

const rules = createRoute({
  getParentRoute: () => frameRoute,
  path: "/rules",
  component: lazyRouteComponent(() => import("#features/routing/Rules.tsx"), "Rules"),
});

const accounts = createRoute({
  getParentRoute: () => frameRoute,
  path: "/accounts",
  validateSearch: (search): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("#features/routing/Accounts.tsx"), "Accounts"),
});

const fallbacks = createRoute({
  getParentRoute: () => frameRoute,
  path: "/fallbacks",
  component: lazyRouteComponent(() => import("#features/routing/FallbackScreen.tsx"), "FallbackScreen"),
});

const turns = createRoute({
  getParentRoute: () => frameRoute,
  path: "/routing",
  component: lazyRouteComponent(() => import("#features/routing/Turns.tsx"), "Turns"),
});

export const routingRoutes = [agents, teams, rules, accounts, fallbacks, turns] as const;
