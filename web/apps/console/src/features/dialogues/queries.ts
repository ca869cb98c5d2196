import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { DialogueReport } from "@usher/api";
import { api } from "#lib/api/client.ts";

/** Days are cut where the reader is. */
const VIEWERS_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const reportQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["dialogues", "report", id, from, to],
    queryFn: () =>
      api.get<DialogueReport>(`/dialogues/${id}/report`, { query: { from, to, time_zone: VIEWERS_ZONE } }),
    placeholderData: keepPreviousData,
  });
