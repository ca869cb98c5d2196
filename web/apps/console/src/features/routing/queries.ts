import { queryOptions } from "@tanstack/react-query";
import type { Ring, RoutingRule, SiteFallbacks } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const rulesQuery = queryOptions({
  queryKey: ["routing", "rules"],
  queryFn: async () => (await api.get<{ items: RoutingRule[] }>("/routing/rules")).items,
});

export const fallbacksQuery = (site: string) =>
  queryOptions({
    queryKey: ["fallbacks", site],
    queryFn: () => api.get<SiteFallbacks>(`/sites/${site}/fallbacks`),
  });

export type Purpose = "live_chat" | "meeting";

export const ringQuery = (purpose: Purpose, team: string | undefined, rule: string | undefined) =>
  queryOptions({
    queryKey: ["routing", "ring", purpose, team ?? null, rule ?? null],
    queryFn: () => api.get<Ring>("/routing/ring", { query: { purpose, team, rule } }),
  });

/** Agents as choices; those who are chosen and gone keep their place. */
export function choices(
  known: readonly { id: string; name: string }[] | undefined,
  chosen: readonly string[],
): { value: string; label: string }[] {
  const all = (known ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const gone = chosen.filter((id) => !all.some((one) => one.value === id));
  return [...all, ...gone.map((id) => ({ value: id, label: "No longer here" }))];
}

export function namesOf(ids: readonly string[], known: readonly { id: string; name: string }[] | undefined) {
  return ids.map((id) => known?.find((one) => one.id === id)?.name ?? "No longer here").join(", ");
}
