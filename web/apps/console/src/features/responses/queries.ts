import { queryOptions } from "@tanstack/react-query";
import type { LibraryResponse } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const responsesQuery = queryOptions({
  queryKey: ["responses"],
  queryFn: async () => (await api.get<{ items: LibraryResponse[] }>("/responses")).items,
});
