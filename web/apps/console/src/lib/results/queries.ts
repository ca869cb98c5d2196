import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { NamedNumber, Report, ReportParts } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import type { Period } from "./period.ts";
import type { CutKey } from "./search.ts";

/** Dialogues and flows have the same reports at addresses of their own. */
export interface Subject {
  kind: "dialogues" | "flows";
  id: string;
}

/** Days are cut where the reader is. */
export const VIEWERS_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const reportQuery = ({ kind, id }: Subject, { from, to }: Period) =>
  queryOptions({
    queryKey: [kind, "report", id, from, to],
    queryFn: () => api.get<Report>(`/${kind}/${id}/report`, { query: { from, to, time_zone: VIEWERS_ZONE } }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH.happening,
  });

export const partsQuery = ({ kind, id }: Subject, { from, to }: Period, by: CutKey) =>
  queryOptions({
    queryKey: [kind, "report", id, from, to, "by", by],
    queryFn: () => api.get<ReportParts>(`/${kind}/${id}/report/parts`, { query: { from, to, by } }),
    refetchInterval: REFRESH.happening,
  });

export const namesQuery = ({ kind, id }: Subject, { from, to }: Period, of: "goals" | "documents") =>
  queryOptions({
    queryKey: [kind, "report", id, from, to, "of", of],
    queryFn: async () => {
      const query = { from, to, of };
      return (await api.get<{ items: NamedNumber[] }>(`/${kind}/${id}/report/names`, { query })).items;
    },
    refetchInterval: REFRESH.happening,
  });
