import { queryOptions } from "@tanstack/react-query";
import type { Colors, ContrastPair, Installation, Site } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const siteQuery = (id: string) =>
  queryOptions({ queryKey: ["sites", id], queryFn: () => api.get<Site>(`/sites/${id}`) });

export const installationQuery = (id: string) =>
  queryOptions({
    queryKey: ["sites", id, "installation"],
    queryFn: () => api.get<Installation>(`/sites/${id}/installation`),
    refetchInterval: 10_000,
  });

/** Contrast is computed by the server, so that every screen says the same. */
export const contrastQuery = (colors: Colors) =>
  queryOptions({
    queryKey: ["contrast", colors],
    queryFn: async () => (await api.post<{ pairs: ContrastPair[] }>("/contrast", { colors })).pairs,
    staleTime: Number.POSITIVE_INFINITY,
  });
