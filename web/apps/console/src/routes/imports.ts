import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";

const imports = createRoute({
  getParentRoute: () => frameRoute,
  path: "/imports",
  component: lazyRouteComponent(() => import("#features/imports/Imports.tsx"), "Imports"),
});
const newImport = createRoute({
  getParentRoute: () => frameRoute,
  path: "/imports/new",
  component: lazyRouteComponent(() => import("#features/imports/NewImport.tsx"), "NewImport"),
});
const oneImport = createRoute({
  getParentRoute: () => frameRoute,
  path: "/imports/$id",
  component: lazyRouteComponent(() => import("#features/imports/ImportRecord.tsx"), "ImportRecord"),
});

export const importRoutes = [imports, newImport, oneImport] as const;
