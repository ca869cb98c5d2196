import { Alert, Checkbox, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { MyNotifications as Mine, NotificationWays } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { fieldErrors, SaveButtons, UnsavedGuard } from "#lib/ui/forms.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Page } from "#lib/ui/Page.tsx";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { MyBrowsers } from "./MyBrowsers.tsx";
import { myNotificationsQuery } from "./queries.ts";
import { Trial } from "./Trial.tsx";

const EVENTS = [
  {
    key: "offer",
    label: "A chat is offered to me",
    help: "In the browser only while no console is in sight",
  },
  { key: "message", label: "A visitor of mine wrote", help: "When nobody has read it for ten seconds" },
  { key: "missed", label: "I missed a chat", help: "You were asked and did not answer in time" },
  { key: "unattended", label: "Nobody took a chat", help: "Of any agent; for those who see all chats" },
] as const;
const WAYS = [
  { key: "push", label: "Browser" },
  { key: "email", label: "E-mail" },
  { key: "webhook", label: "My chat" },
] as const;

type Event = (typeof EVENTS)[number]["key"];
type Choice = Record<Event, NotificationWays> & { webhook_url: string };

const NONE: NotificationWays = { push: false, email: false, webhook: false };

function choiceOf(mine: Mine): Choice {
  const { offer, message, missed } = mine;
  return { offer, message, missed, unattended: mine.unattended ?? NONE, webhook_url: mine.webhook_url ?? "" };
}

/** By what ways one is called while one looks elsewhere. */
export function MyNotifications() {
  const mine = useQuery(myNotificationsQuery);
  if (mine.data) return <Editor mine={mine.data} />;
  return (
    <Page title="My notifications" narrow>
      {mine.error ? (
        <Failed
          error={mine.error}
          what="Your notifications could not be read"
          retry={() => void mine.refetch()}
        />
      ) : (
        <LinesSkeleton />
      )}
    </Page>
  );
}

function Editor({ mine }: { mine: Mine }) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Choice | null>(null);
  const choice = draft ?? choiceOf(mine);
  const save = useMutation({
    mutationFn: (wanted: Choice) =>
      api.put<Mine>("/me/notifications", { ...wanted, webhook_url: wanted.webhook_url.trim() || null }),
    onSuccess: (saved) => {
      queries.setQueryData(myNotificationsQuery.queryKey, saved);
      setDraft(null);
      notifyDone("Your notifications are saved");
    },
    onError: (error) => notifyProblem("Your notifications were not saved", error),
  });
  const change = (part: Partial<Choice>) => setDraft({ ...choice, ...part });
  return (
    <Page
      title="My notifications"
      narrow
      actions={
        <SaveButtons
          dirty={draft !== null}
          saving={save.isPending}
          onSave={() => draft && save.mutate(draft)}
          onDiscard={() => {
            setDraft(null);
            save.reset();
          }}
        />
      }
    >
      <Stack gap="xl">
        <section aria-labelledby="ways">
          <Title order={2} id="ways" mb={4}>
            What calls you, and how
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            An open console calls by itself. These are for when you look elsewhere. They say that there is a
            chat and where; who it is and what was said stays in the console.
          </Text>
          <Choices mine={mine} choice={choice} onChange={change} />
          {mine.mail_available ? null : (
            <Alert color="gray" mt="sm">
              No mail server is set up, so nobody is called by e-mail yet.
            </Alert>
          )}
        </section>
        <MyBrowsers mine={mine} />
        <section aria-labelledby="my-chat">
          <Title order={2} id="my-chat" mb="md">
            My chat
          </Title>
          <Stack align="flex-start">
            <TextInput
              w="100%"
              label="Incoming webhook"
              placeholder="https://hooks.example.com/…"
              description="An address that takes {“text”: “…”}, as Slack, Mattermost, Rocket.Chat and Google Chat give it"
              inputMode="url"
              autoComplete="off"
              value={choice.webhook_url}
              error={fieldErrors(save.error).webhook_url}
              onChange={(event) => change({ webhook_url: event.currentTarget.value })}
            />
            <Trial active={Boolean(mine.webhook_url) && draft === null} />
          </Stack>
        </section>
      </Stack>
      <UnsavedGuard dirty={draft !== null} />
    </Page>
  );
}

interface ChoicesProps {
  mine: Mine;
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
}

function Choices({ mine, choice, onChange }: ChoicesProps) {
  const events = EVENTS.filter(({ key }) => key !== "unattended" || mine.unattended);
  return (
    <Table.ScrollContainer minWidth={360} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing="xs" aria-labelledby="ways">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            {WAYS.map(({ key, label }) => (
              <Table.Th key={key} ta="center">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ key, label, help }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={400}>
                {label}
                <Text size="xs" c="dimmed">
                  {help}
                </Text>
              </Table.Th>
              {WAYS.map((way) => (
                <Table.Td key={way.key}>
                  <Checkbox
                    styles={{ body: { justifyContent: "center" } }}
                    aria-label={`${label}: ${way.label}`}
                    checked={choice[key][way.key]}
                    onChange={(event) =>
                      onChange({ [key]: { ...choice[key], [way.key]: event.currentTarget.checked } })
                    }
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
