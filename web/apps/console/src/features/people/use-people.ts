import type { AttributeDef, PeoplePage, PeopleSearch, Person, PersonSort } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { type Rows, usePages } from "#lib/api/pages.ts";
import { askable, countConditions, type Group } from "#lib/ui/criteria/tree.ts";

export type Question = Omit<PeopleSearch, "limit" | "cursor"> & { sort: NonNullable<PeopleSearch["sort"]> };

interface Asked {
  q?: string;
  known?: boolean;
  criteria?: Group;
  sort?: PersonSort;
  dir?: "asc" | "desc";
}

/** What the address asks for, as the server understands it: unfinished conditions are left out. */
export function questionOf(search: Asked, attributes: AttributeDef[] | undefined): Question {
  const types = new Map(attributes?.map((one) => [`${one.of}.${one.name}`, one.type]));
  const criteria = search.criteria && askable(search.criteria, (path) => types.get(path));
  return {
    q: search.q,
    known: search.known,
    criteria: criteria && countConditions(criteria) > 0 ? criteria : undefined,
    sort: { by: search.sort ?? "created_at", direction: search.dir ?? "desc" },
  };
}

export function usePeople(question: Question): Rows<Person, PeoplePage> {
  return usePages<Person, PeoplePage>(["people", "search", question], (cursor, signal) =>
    api.post<PeoplePage>("/people/search", { ...question, limit: 100, cursor }, { signal }),
  );
}
