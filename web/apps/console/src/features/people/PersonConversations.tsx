import { Accordion, Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Conversation, ConversationSummary, Page } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { usePages } from "#lib/api/pages.ts";
import { MessagesSquareIcon } from "#lib/ui/icons.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Empty, Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Transcript } from "#lib/ui/Transcript.tsx";
import classes from "./record.module.css";

const route = getRouteApi("/frame/people/$id");
const COLORS = { triggered: "gray", engaged: "accent", completed: "green", dropped: "gray" } as const;

/** The person's conversations; each opens to its transcript. */
export function PersonConversations({ personId }: { personId: string }) {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const list = usePages<ConversationSummary>(["people", "conversations", personId], (cursor, signal) =>
    api.get<Page<ConversationSummary>>(`/people/${personId}/conversations`, {
      query: { cursor, limit: 50 },
      signal,
    }),
  );
  if (list.loading) return <LinesSkeleton lines={3} />;
  if (list.error && list.rows.length === 0) {
    return <Failed error={list.error} what="The conversations could not be read" retry={list.retry} />;
  }
  if (list.rows.length === 0) {
    return (
      <Empty icon={MessagesSquareIcon} title="No conversation yet">
        When this person is greeted by a dialogue, the conversation is kept here with every word.
      </Empty>
    );
  }
  return (
    <div className={classes.panel}>
      <Accordion
        value={open ?? null}
        onChange={(id) =>
          void navigate({ search: { tab: "conversations", open: id ?? undefined }, replace: true })
        }
        variant="separated"
      >
        {list.rows.map((one) => (
          <Accordion.Item key={one.id} value={one.id}>
            <Accordion.Control>
              <Group gap="sm">
                <Text size="sm" fw={500} dir="auto">
                  {one.dialogue?.name ?? "Conversation"}
                </Text>
                <Badge color={COLORS[one.state] ?? "gray"}>{one.state}</Badge>
                {one.goals.map((goal) => (
                  <Badge key={goal} color="accent">
                    {goal}
                  </Badge>
                ))}
                <Text size="xs" c="dimmed">
                  <TimeAgo at={one.started_at} />
                </Text>
              </Group>
              <Text size="xs" c="dimmed" dir="auto" truncate>
                {one.page_url ?? "–"}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>{open === one.id ? <Spoken id={one.id} /> : null}</Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </div>
  );
}

function Spoken({ id }: { id: string }) {
  const conversation = useQuery({
    queryKey: ["conversations", "record", id],
    queryFn: () => api.get<Conversation>(`/conversations/${id}`),
  });
  if (conversation.error) {
    return (
      <Failed
        error={conversation.error}
        what="The transcript could not be read"
        retry={() => void conversation.refetch()}
      />
    );
  }
  return conversation.data ? (
    <Transcript messages={conversation.data.transcript} />
  ) : (
    <LinesSkeleton lines={2} />
  );
}
