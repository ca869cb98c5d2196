import { queryOptions } from "@tanstack/react-query";
import type { Import } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { REFRESH } from "#lib/live/refresh.ts";

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", "record", id],
    queryFn: () => api.get<Import>(`/imports/${id}`),
    refetchInterval: (query) => (query.state.data?.state === "running" ? REFRESH.progress : false),
  });
