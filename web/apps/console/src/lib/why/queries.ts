import { queryOptions } from "@tanstack/react-query";
import type { PageViewExplanation } from "@usher/api";
import { api } from "#lib/api/client.ts";

/** What was decided for a page view; it never changes. */
export const explanationQuery = (id: string) =>
  queryOptions({
    queryKey: ["page-views", "explanation", id],
    queryFn: () => api.get<PageViewExplanation>(`/page-views/${id}/explanation`),
    staleTime: Number.POSITIVE_INFINITY,
  });
