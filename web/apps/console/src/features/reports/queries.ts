import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { LiveChatReport } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import type { Period } from "#lib/results/period.ts";
import { VIEWERS_ZONE } from "#lib/results/queries.ts";

/** Whose totals and days. */
export interface Whose {
  agent_id?: string;
  team_id?: string;
}

export const liveChatQuery = ({ from, to }: Period, whose: Whose) => ({
  from,
  to,
  time_zone: VIEWERS_ZONE,
  ...whose,
});

export const liveChatReportQuery = (period: Period, whose: Whose) => {
  const query = liveChatQuery(period, whose);
  return queryOptions({
    queryKey: ["reports", "live-chat", query],
    queryFn: () => api.get<LiveChatReport>("/reports/live-chat", { query }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH.happening,
  });
};
