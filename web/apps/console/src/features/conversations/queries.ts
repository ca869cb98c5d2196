import { queryOptions } from "@tanstack/react-query";
import type { Conversation } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { REFRESH } from "#lib/live/refresh.ts";

const OPEN: readonly Conversation["state"][] = ["triggered", "engaged"];

/** One conversation with its transcript; read again while it may still go on. */
export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ["conversations", "record", id],
    queryFn: () => api.get<Conversation>(`/conversations/${id}`),
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state !== undefined && OPEN.includes(state) ? REFRESH.happening : false;
    },
  });
