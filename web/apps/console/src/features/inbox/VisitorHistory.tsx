import { Accordion, Button, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Activity, ChatView, Conversation, Page, PageViewSummary } from "@usher/api";
import { useState } from "react";
import { lookOf } from "#features/people/activity-looks.ts";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { REFRESH } from "#lib/live/refresh.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Transcript } from "#lib/ui/Transcript.tsx";
import classes from "./inbox.module.css";

const HISTORY_MS = 90 * 86_400_000;
const PAGES = 8;

/** The pages that the visitor looked at, and what he or she did in the last 90 days. */
export function VisitorHistory({ chat }: { chat: ChatView }) {
  return (
    <>
      <Visited person={chat.person.id} />
      <Done chat={chat} />
    </>
  );
}

function Visited({ person }: { person: string }) {
  const views = useQuery({
    queryKey: ["people", "page-views", person, "first"],
    queryFn: ({ signal }) =>
      api.get<Page<PageViewSummary>>(`/people/${person}/page-views`, { query: { limit: PAGES }, signal }),
    refetchInterval: REFRESH.happening,
  });
  const rows = views.data?.items ?? [];
  return (
    <section>
      <Title order={3} className={classes.part}>
        Pages visited
      </Title>
      {views.error ? <Failed error={views.error} what="The pages could not be read" /> : null}
      {views.data && rows.length === 0 ? <Text size="sm">–</Text> : null}
      <ol className={classes.events}>
        {rows.map((one) => (
          <li key={one.id}>
            <span className={classes.words} dir="auto" title={one.url}>
              {one.title || one.url}
            </span>
            <span className={classes.when}>
              <TimeAgo at={one.at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Done({ chat }: { chat: ChatView }) {
  const [since] = useState(() => Date.now() - HISTORY_MS);
  const [open, setOpen] = useState<string | null>(null);
  const log = usePages<Activity>(
    ["people", "activities", chat.person.id, null],
    (cursor, signal) =>
      api.get<Page<Activity>>(`/people/${chat.person.id}/activities`, {
        query: { cursor, limit: 50 },
        signal,
      }),
    { refetchInterval: REFRESH.happening },
  );
  const rows = log.rows.filter((one) => Date.parse(one.at) >= since);
  const older = log.hasMore && rows.length === log.rows.length;
  return (
    <section>
      <Title order={3} className={classes.part}>
        Last 90 days
      </Title>
      {log.loading ? <LinesSkeleton lines={3} /> : null}
      {log.error ? (
        <Failed error={log.error} what="The activities could not be read" retry={log.retry} />
      ) : null}
      {!log.loading && !log.error && rows.length === 0 ? <Text size="sm">–</Text> : null}
      <Accordion value={open} onChange={setOpen} chevronSize={14} classNames={{ control: classes.event }}>
        {rows.map((one) => (
          <Happened key={one.id} activity={one} open={open === one.id} now={chat.conversation_id} />
        ))}
      </Accordion>
      {older ? (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={log.loadMore}>
          Show older
        </Button>
      ) : null}
    </section>
  );
}

/** One thing that happened; an earlier conversation opens to its transcript. */
function Happened({ activity, open, now }: { activity: Activity; open: boolean; now: string }) {
  const { icon: Icon, label } = lookOf(activity.type);
  const past = activity.conversation_id && activity.conversation_id !== now ? activity.conversation_id : null;
  const line = (
    <span className={classes.happened}>
      <Icon size={14} aria-label={label} />
      <span className={classes.words} dir="auto">
        {activity.summary || label}
      </span>
      <span className={classes.when}>
        <TimeAgo at={activity.at} />
      </span>
    </span>
  );
  if (past === null) return <div className={classes.event}>{line}</div>;
  return (
    <Accordion.Item value={activity.id}>
      <Accordion.Control>{line}</Accordion.Control>
      <Accordion.Panel>{open ? <Spoken id={past} /> : null}</Accordion.Panel>
    </Accordion.Item>
  );
}

function Spoken({ id }: { id: string }) {
  const one = useQuery({
    queryKey: ["conversations", "record", id],
    queryFn: () => api.get<Conversation>(`/conversations/${id}`),
  });
  if (one.error) return <Failed error={one.error} what="The transcript could not be read" />;
  return one.data ? <Transcript messages={one.data.transcript} /> : <LinesSkeleton lines={2} />;
}
