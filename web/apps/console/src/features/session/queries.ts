import { queryOptions } from "@tanstack/react-query";
import { publicApi } from "#lib/api/client.ts";

/** Whether this instance still waits for its first user. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => publicApi.get<{ needs_owner: boolean }>("/setup"),
  staleTime: 0,
});
