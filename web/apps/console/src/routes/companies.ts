import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { text } from "./search.ts";

const companies = createRoute({
  getParentRoute: () => frameRoute,
  path: "/companies",
  validateSearch: (search): { q?: string } => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("#features/companies/Companies.tsx"), "Companies"),
});
const company = createRoute({
  getParentRoute: () => frameRoute,
  path: "/companies/$id",
  component: lazyRouteComponent(() => import("#features/companies/CompanyRecord.tsx"), "CompanyRecord"),
});
const lists = createRoute({
  getParentRoute: () => frameRoute,
  path: "/lists",
  validateSearch: (search): { new?: true } => ({ new: search.new === true ? true : undefined }),
  component: lazyRouteComponent(() => import("#features/lists/Lists.tsx"), "Lists"),
});

export const companyRoutes = [companies, company, lists] as const;
