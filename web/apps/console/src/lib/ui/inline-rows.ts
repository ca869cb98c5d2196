import type { UseQueryResult } from "@tanstack/react-query";
import type { Rows } from "#lib/api/pages.ts";

/** A list that was read whole, as rows for `DataTable`. */
export function inline<T>(query: UseQueryResult<T[]>): Rows<T> {
  return {
    rows: query.data ?? [],
    first: undefined,
    loading: query.isPending,
    refreshing: query.isPlaceholderData,
    error: query.error,
    hasMore: false,
    loadMore: () => undefined,
    retry: () => void query.refetch(),
  };
}
