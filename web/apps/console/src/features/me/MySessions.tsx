import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SessionInfo } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { deviceName } from "./device-name.ts";

const KEY = ["me", "sessions"];

/** Where this person is signed in, each place with a way out. */
export function MySessions() {
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: KEY,
    queryFn: async () => (await api.get<{ items: SessionInfo[] }>("/me/sessions")).items,
  });
  const end = useMutation({
    mutationFn: (id: string) => api.delete(`/me/sessions/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
    onError: (error) => notifyProblem("That session goes on", error),
  });
  return (
    <section aria-labelledby="my-sessions">
      <Title order={2} id="my-sessions" mb={4}>
        Where you are signed in
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        End what you do not recognise, and change the password.
      </Text>
      {sessions.isPending ? <LinesSkeleton lines={2} /> : null}
      {sessions.error ? (
        <Failed
          error={sessions.error}
          what="The sessions could not be read"
          retry={() => void sessions.refetch()}
        />
      ) : null}
      <Stack gap="xs">
        {sessions.data?.map((session) => (
          <Paper key={session.id} withBorder p="sm">
            <Group justify="space-between" wrap="nowrap">
              <div>
                <Group gap="xs">
                  <Text size="sm" fw={500} title={session.user_agent}>
                    {deviceName(session.user_agent)}
                  </Text>
                  {session.current ? <Badge color="accent">This one</Badge> : null}
                </Group>
                <Text size="xs" c="dimmed">
                  last seen <TimeAgo at={session.last_seen_at} />, signed in{" "}
                  <TimeAgo at={session.created_at} />
                </Text>
              </div>
              {session.current ? null : (
                <Button
                  variant="default"
                  loading={end.isPending && end.variables === session.id}
                  onClick={() => end.mutate(session.id)}
                >
                  End
                </Button>
              )}
            </Group>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}
