import { queryOptions } from "@tanstack/react-query";
import type { ChatView, LiveBoard, LiveMe } from "@usher/api";
import { api } from "#lib/api/client.ts";

export const KEYS = {
  /** Everything about chats. */
  chats: ["chats"],
  /** What is a list of chats: the inbox, the board. */
  lists: ["chats", "list"],
} as const;

export const chatQuery = (id: string) =>
  queryOptions({ queryKey: [...KEYS.chats, "one", id], queryFn: () => api.get<ChatView>(`/chats/${id}`) });

export const boardQuery = queryOptions({
  queryKey: [...KEYS.lists, "board"],
  queryFn: () => api.get<LiveBoard>("/live/board"),
});

/** Oneself as an agent, and what one is asked. */
export const liveMeQuery = queryOptions({
  queryKey: ["live", "me"],
  queryFn: () => api.get<LiveMe>("/live/me"),
  // Offers come by the socket; this is for those that were told while it was away.
  refetchInterval: 30_000,
});
