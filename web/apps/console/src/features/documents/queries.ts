import { queryOptions } from "@tanstack/react-query";
import type { DocumentReport, LibraryDocument } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { REFRESH } from "#lib/live/refresh.ts";

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ["documents", "record", id],
    queryFn: () => api.get<LibraryDocument>(`/documents/${id}`),
  });

/** Ever, when no time is given. */
export const reportQuery = (id: string, from: string | undefined) =>
  queryOptions({
    queryKey: ["documents", "report", id, from ?? null],
    queryFn: () => api.get<DocumentReport>(`/documents/${id}/report`, { query: { from } }),
    placeholderData: (previous) => previous,
    refetchInterval: REFRESH.happening,
  });
