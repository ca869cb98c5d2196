import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { frameRoute } from "./root.ts";
import { flag, oneOf, text } from "./search.ts";

const documents = createRoute({
  getParentRoute: () => frameRoute,
  path: "/documents",
  validateSearch: (search): { q?: string; new?: boolean } => ({ q: text(search.q), new: flag(search.new) }),
  component: lazyRouteComponent(() => import("#features/documents/Documents.tsx"), "Documents"),
});

const document = createRoute({
  getParentRoute: () => frameRoute,
  path: "/documents/$id",
  validateSearch: (search): { days?: "7" | "28" | "90"; view?: "table" } => ({
    days: oneOf(text(search.days), ["7", "28", "90"]),
    view: oneOf(search.view, ["table"]),
  }),
  component: lazyRouteComponent(() => import("#features/documents/DocumentRecord.tsx"), "DocumentRecord"),
});

export const documentRoutes = [documents, document] as const;
