import { Alert, Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MyNotifications, PushBrowser } from "@usher/api";
import { api } from "#lib/api/client.ts";
import { useMe } from "#lib/api/session.ts";
import { type PushState, pushHere, pushNoMore, pushState } from "#lib/live/push.ts";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { deviceName } from "./device-name.ts";
import { myNotificationsQuery } from "./queries.ts";
import { Trial } from "./Trial.tsx";

const WORDS: Record<Exclude<PushState, "on">, string> = {
  off: "Nothing is pushed to this browser.",
  denied: "This browser refuses notifications of this site. Allow them in its settings for the site.",
  unsupported: "This browser takes no pushed notifications. They need a secure connection (HTTPS).",
};

/** Which browsers notifications are pushed to; this one is switched here. */
export function MyBrowsers({ mine }: { mine: MyNotifications }) {
  const me = useMe();
  const queries = useQueryClient();
  const state = pushState(mine.browsers);
  const again = () => queries.invalidateQueries({ queryKey: myNotificationsQuery.queryKey });
  const begin = useMutation({
    mutationFn: () => pushHere(me.user.id, mine.push_key),
    onSuccess: (allowed) => {
      if (allowed) notifyDone("Notifications are pushed to this browser");
      return again();
    },
    onError: (error) => notifyProblem("This browser could not subscribe", error),
  });
  return (
    <section aria-labelledby="my-browsers">
      <Title order={2} id="my-browsers" mb={4}>
        Browsers
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        With a browser switched on you are asked for chats while you are available, also when no console is
        open. Signing out there switches it off.
      </Text>
      <Stack gap="xs">
        {state === "on" ? null : (
          <Alert color="gray">
            <Group justify="space-between">
              <Text size="sm">{WORDS[state]}</Text>
              {state === "off" ? (
                <Button size="xs" loading={begin.isPending} onClick={() => begin.mutate()}>
                  Switch on here
                </Button>
              ) : null}
            </Group>
          </Alert>
        )}
        {mine.browsers.map((browser) => (
          <OneBrowser key={browser.id} browser={browser} onGone={again} />
        ))}
      </Stack>
    </section>
  );
}

function OneBrowser({ browser, onGone }: { browser: PushBrowser; onGone: () => Promise<unknown> }) {
  const remove = useMutation({
    mutationFn: () =>
      browser.current ? pushNoMore(browser) : api.delete(`/me/push-subscriptions/${browser.id}`),
    onError: (error) => notifyProblem("The browser stays switched on", error),
    onSettled: onGone,
  });
  const name = deviceName(browser.user_agent);
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between">
        <div>
          <Group gap="xs">
            <Text size="sm" fw={500} title={browser.user_agent}>
              {name}
            </Text>
            {browser.current ? <Badge color="accent">This one</Badge> : null}
          </Group>
          <Text size="xs" c="dimmed">
            since <TimeAgo at={browser.created_at} />, last called <TimeAgo at={browser.pushed_at} />
          </Text>
        </div>
        <Group gap="xs">
          <Trial browser={browser.id} active />
          <Button
            variant="default"
            size="xs"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
            aria-label={`Switch off: ${name}`}
          >
            Switch off
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
