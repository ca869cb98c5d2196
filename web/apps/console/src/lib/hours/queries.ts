import { queryOptions } from "@tanstack/react-query";
import type { Agent } from "@usher/api";
import { api } from "#lib/api/client.ts";

/** The signed-in agent's own hours and switch. */
export const myAvailabilityQuery = queryOptions({
  queryKey: ["availability", "mine"],
  queryFn: () => api.get<Agent>("/me/availability"),
  // The state changes by itself when hours begin or end.
  refetchInterval: 60_000,
});
