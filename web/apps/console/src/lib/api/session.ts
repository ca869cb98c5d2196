import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import type { Me } from "@usher/api";
import { publicApi } from "./client.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => publicApi.get<Me>("/session"),
  staleTime: 5 * 60_000,
  retry: false,
});

/** Who is signed in. Only below the frame, which waits for it. */
export function useMe(): Me {
  return useSuspenseQuery(sessionQuery).data;
}

/** True when `me` has the permission; the owner has every one. */
export function allows(me: Me, permission: string | readonly string[] | undefined): boolean {
  if (permission === undefined || me.owner) return true;
  const wanted = typeof permission === "string" ? [permission] : permission;
  return wanted.some((one) => me.permissions.includes(one));
}

/** Whether the signed-in person may do this. What one may not do is not shown. */
export function useMay(permission: string): boolean {
  return allows(useMe(), permission);
}
