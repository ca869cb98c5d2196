import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { MailStatus } from "@usher/api";
import { frameRoute } from "./root.ts";
import { oneOf, text } from "./search.ts";

const home = createRoute({
  getParentRoute: () => frameRoute,
  path: "/",
  component: lazyRouteComponent(() => import("#features/home/Home.tsx"), "Home"),
});

export interface AuditSearch {
  q?: string;
  user?: string;
  action?: string;
  /** Days, `2026-11-20`, both included. */
  from?: string;
  to?: string;
  /** The entry whose details are open. */
  open?: string;
}

const audit = createRoute({
  getParentRoute: () => frameRoute,
  path: "/audit-log",
  validateSearch: (search): AuditSearch => ({
    q: text(search.q),
    user: text(search.user),
    action: text(search.action),
    from: text(search.from),
    to: text(search.to),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import("#features/audit/AuditLog.tsx"), "AuditLog"),
});

export const MAIL_STATUSES = [
  "waiting",
  "held",
  "sent",
  "failed",
  "dead",
] as const satisfies readonly MailStatus[];

const outbox = createRoute({
  getParentRoute: () => frameRoute,
  path: "/outbox",
  validateSearch: (search): { kind?: "webhook" | "alert"; status?: MailStatus; open?: string } => ({
    kind: oneOf(search.kind, ["webhook", "alert"]),
    status: oneOf(search.status, MAIL_STATUSES),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import("#features/outbox/Outbox.tsx"), "Outbox"),
});

export const operationRoutes = [home, audit, outbox] as const;
