import { useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "@usher/api";
import { useMemo } from "react";

export interface Rows<T, P extends Page<T> = Page<T>> {
  rows: T[];
  /** The first page, for totals that come with it. */
  first: P | undefined;
  /** No row has arrived yet. */
  loading: boolean;
  /** Rows on screen belong to an older question; newer ones are on their way. */
  refreshing: boolean;
  error: Error | null;
  hasMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/**
 * A list read page by page as it is scrolled. `read` gets the cursor of the
 * page wanted; rows of the last question stay until the next one is answered.
 */
export function usePages<T, P extends Page<T> = Page<T>>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
  options: { refetchInterval?: number | false; enabled?: boolean } = {},
): Rows<T, P> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam ?? undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (previous) => previous,
    ...options,
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  return {
    rows,
    first: pages?.[0],
    loading: query.isPending,
    refreshing: query.isPlaceholderData,
    error: query.error,
    hasMore: query.hasNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    retry: () => void query.refetch(),
  };
}
