import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { PersonSort } from "@usher/api";
import { type Group, readCriteria } from "#lib/ui/criteria/tree.ts";
import { frameRoute } from "./root.ts";
import { flag, oneOf, text, texts } from "./search.ts";

export const PERSON_SORTS = [
  "created_at",
  "last_seen_at",
  "email",
  "last_name",
  "score",
  "company",
  "updated_at",
] as const satisfies readonly PersonSort[];

export interface PeopleSearchParams {
  q?: string;
  /** Absent: everybody; true: known people; false: anonymous ones. */
  known?: boolean;
  criteria?: Group;
  sort?: PersonSort;
  dir?: "asc" | "desc";
  /** The selected rows. */
  selected?: string[];
}

const people = createRoute({
  getParentRoute: () => frameRoute,
  path: "/people",
  validateSearch: (search): PeopleSearchParams => ({
    q: text(search.q),
    known: flag(search.known),
    criteria: readCriteria(search.criteria),
    sort: oneOf(search.sort, PERSON_SORTS),
    dir: oneOf(search.dir, ["asc", "desc"]),
    selected: texts(search.selected),
  }),
  component: lazyRouteComponent(() => import("#features/people/People.tsx"), "People"),
});

const newPerson = createRoute({
  getParentRoute: () => frameRoute,
  path: "/people/new",
  component: lazyRouteComponent(() => import("#features/people/NewPerson.tsx"), "NewPerson"),
});

const person = createRoute({
  getParentRoute: () => frameRoute,
  path: "/people/$id",
  validateSearch: (search): { tab?: "conversations" | "page-views"; type?: string; open?: string } => ({
    tab: oneOf(search.tab, ["conversations", "page-views"]),
    type: text(search.type),
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import("#features/people/PersonRecord.tsx"), "PersonRecord"),
});

export const peopleRoutes = [people, newPerson, person] as const;
