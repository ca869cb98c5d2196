import { queryOptions } from "@tanstack/react-query";
import type { MyNotifications } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const myNotificationsQuery = queryOptions({
  queryKey: ["me", "notifications"],
  queryFn: () => api.get<MyNotifications>("/me/notifications"),
});
