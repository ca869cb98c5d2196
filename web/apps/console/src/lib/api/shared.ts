import { queryOptions } from "@tanstack/react-query";
import type {
  Agent,
  AttributeDef,
  DialogueSummary,
  Page,
  PeopleList,
  PermissionArea,
  Profile,
  Site,
  Team,
} from "@usher/api";
import { api } from "./client.ts";

/** Lists that several screens need. Each feature keeps its own queries to itself. */

export const attributesQuery = queryOptions({
  queryKey: ["attributes"],
  queryFn: async () => (await api.get<{ items: AttributeDef[] }>("/attributes")).items,
  staleTime: 60_000,
});

export const listsQuery = queryOptions({
  queryKey: ["lists"],
  queryFn: () => everyPage<PeopleList>("/lists"),
});

export const profilesQuery = queryOptions({
  queryKey: ["profiles"],
  queryFn: () => everyPage<Profile>("/profiles"),
});

export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: async () => (await api.get<{ areas: PermissionArea[] }>("/permissions")).areas,
  staleTime: 60 * 60_000,
});

export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: () => everyPage<Site>("/sites"),
});

/** Every dialogue, for choosing one. */
export const dialogueNamesQuery = queryOptions({
  queryKey: ["dialogues", "names"],
  queryFn: () => everyPage<DialogueSummary>("/dialogues"),
});

/** Every flow, for choosing one. */
export const flowNamesQuery = queryOptions({
  queryKey: ["flows", "names"],
  queryFn: () => everyPage<DialogueSummary>("/flows"),
});

/** Every agent, with hours and state now. */
export const agentsQuery = queryOptions({
  queryKey: ["agents"],
  queryFn: async () => (await api.get<{ items: Agent[] }>("/agents")).items,
  refetchInterval: 60_000,
});

export const teamsQuery = queryOptions({
  queryKey: ["teams"],
  queryFn: async () => (await api.get<{ items: Team[] }>("/teams")).items,
});

/** All pages of a list that is short by nature. */
export async function everyPage<T>(path: string): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null | undefined;
  do {
    const page: Page<T> = await api.get<Page<T>>(path, { query: { limit: 200, cursor } });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return all;
}
