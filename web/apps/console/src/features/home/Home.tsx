import { Alert, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Home as HomeData } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useMay, useMe } from "#lib/api/session.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { TriangleAlertIcon } from "#lib/ui/icons.ts";
import { sentence } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Figures } from "./Figures.tsx";
import classes from "./home.module.css";
import { Needs } from "./Needs.tsx";
import { RecentConversations, RecentPeople } from "./Recent.tsx";

/** What needs me now, how today goes, who was here last. */
export function Home() {
  const me = useMe();
  const mayConversations = useMay("livechat.view_all");
  const mayPeople = useMay("people.view");
  const home = useQuery({
    queryKey: ["home"],
    queryFn: () => api.get<HomeData>("/home"),
    refetchInterval: REFRESH.happening,
  });
  const first = me.user.name.trim().split(/\s+/)[0];
  return (
    <Page title={first ? `Hello, ${first}` : "Home"}>
      {home.data ? (
        <Stack className={classes.home} gap="xl">
          {home.error ? (
            <Alert color="yellow" icon={<TriangleAlertIcon size={18} />}>
              These figures are not current: {sentence(home.error)}
            </Alert>
          ) : null}
          <Needs needs={home.data.needs} />
          <Figures today={home.data.counts_today} yesterday={home.data.counts_yesterday} />
          <div className={classes.columns}>
            {mayConversations ? <RecentConversations conversations={home.data.recent_conversations} /> : null}
            {mayPeople ? <RecentPeople people={home.data.recent_people} /> : null}
          </div>
        </Stack>
      ) : home.error ? (
        <Failed error={home.error} what="This could not be read" retry={() => void home.refetch()} />
      ) : (
        <LinesSkeleton lines={8} />
      )}
    </Page>
  );
}
