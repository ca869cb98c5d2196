/**
 * The map of the console. A feature adds one file `routes/<feature>.ts` that
 * exports its routes, and one line here.
 */
import { cannedRoutes } from "./canned.ts";
import { companyRoutes } from "./companies.ts";
import { configurationRoutes } from "./configuration.ts";
import { conversationRoutes } from "./conversations.ts";
import { dialogueRoutes } from "./dialogues.ts";
import { documentRoutes } from "./documents.ts";
import { flowRoutes } from "./flows.ts";
import { goalRoutes } from "./goals.ts";
import { importRoutes } from "./imports.ts";
import { inboxRoutes } from "./inbox.ts";
import { meRoutes } from "./me.ts";
import { operationRoutes } from "./operations.ts";
import { peopleRoutes } from "./people.ts";
import { reportRoutes } from "./reports.ts";
import { responseRoutes } from "./responses.ts";
import { frameRoute, rootRoute } from "./root.ts";
import { routingRoutes } from "./routing.ts";
import { sessionRoutes } from "./session.ts";
import { siteRoutes } from "./sites.ts";

export const routeTree = rootRoute.addChildren([
  ...sessionRoutes,
  frameRoute.addChildren([
    ...operationRoutes,
    ...inboxRoutes,
    ...conversationRoutes,
    ...dialogueRoutes,
    ...flowRoutes,
    ...documentRoutes,
    ...responseRoutes,
    ...goalRoutes,
    ...cannedRoutes,
    ...peopleRoutes,
    ...companyRoutes,
    ...importRoutes,
    ...reportRoutes,
    ...routingRoutes,
    ...siteRoutes,
    ...configurationRoutes,
    ...meRoutes,
  ]),
]);
