import { Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Agent, ChatView } from "@usher/api";
import { useState } from "react";
import { api } from "#lib/api/client.ts";
import { useMe } from "#lib/api/session.ts";
import { agentsQuery, teamsQuery } from "#lib/api/shared.ts";
import { useDesk } from "#lib/live/Live.tsx";
import { notifyDone, notifyProblem } from "#lib/ui/notify.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";

type How = "transfer" | "invite";
const WORDS = {
  transfer: {
    title: "Transfer the chat",
    help: "The chat is offered at once, and stays with you until it is accepted.",
    action: "Transfer",
    done: "The chat is offered",
    failed: "The chat was not transferred",
  },
  invite: {
    title: "Invite a colleague",
    help: "Whoever accepts joins the chat; it stays yours.",
    action: "Invite",
    done: "The invitation is sent",
    failed: "Nobody was invited",
  },
} as const;

interface HandOverProps {
  chat: ChatView;
  how: How;
  opened: boolean;
  onClose: () => void;
}

/** Gives the chat to somebody else, or asks somebody to join. */
export function HandOver({ chat, how, opened, onClose }: HandOverProps) {
  const words = WORDS[how];
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} closeButtonProps={{ "aria-label": "Close" }}>
      <Text size="sm" c="dimmed" mb="sm">
        {words.help}
      </Text>
      {opened ? <Choice chat={chat} how={how} onClose={onClose} /> : null}
    </Modal>
  );
}

function Choice({ chat, how, onClose }: Omit<HandOverProps, "opened">) {
  const me = useMe();
  const desk = useDesk();
  const words = WORDS[how];
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const agents = useQuery({ ...agentsQuery, staleTime: 0 });
  const teams = useQuery({ ...teamsQuery, enabled: how === "transfer", retry: false });
  const send = useMutation({
    mutationFn: () =>
      how === "transfer" ? transfer(chat.id, to ?? "", note.trim()) : ask(chat.id, to ?? ""),
    onSuccess: (answer) => {
      if (answer) desk.tookChat(answer);
      notifyDone(words.done);
      onClose();
    },
    onError: (error) => notifyProblem(words.failed, error),
  });
  if (agents.isPending) return <LinesSkeleton lines={2} />;
  if (agents.error) return <Failed error={agents.error} what="The agents could not be read" />;
  const inside = new Set(chat.agents.map((one) => one.id));
  const people = agents.data
    .filter((one) => one.takes_live_chats && one.id !== me.user.id && !inside.has(one.id))
    .sort((a, b) => Number(isThere(b)) - Number(isThere(a)) || a.name.localeCompare(b.name));
  const groups = [
    {
      group: "Agents",
      items: people.map((one) => ({
        value: `agent ${one.id}`,
        label: isThere(one) ? one.name : `${one.name} (unavailable)`,
      })),
    },
    {
      group: "Teams",
      items: (teams.data ?? []).map((one) => ({ value: `team ${one.id}`, label: one.name })),
    },
  ];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (to) send.mutate();
      }}
    >
      <Stack>
        <Select
          label={how === "transfer" ? "Agent or team" : "Agent"}
          data={groups.filter((one) => one.items.length > 0)}
          value={to}
          onChange={setTo}
          searchable
          nothingFoundMessage="Nobody is called so"
          data-autofocus
        />
        {how === "transfer" ? (
          <Textarea
            label="Note"
            description="Only colleagues see it"
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={1000}
            autosize
            minRows={2}
            maxRows={6}
          />
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!to} loading={send.isPending}>
            {words.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const isThere = (agent: Agent) => agent.live_chat_now?.available === true;

function transfer(chat: string, to: string, note: string): Promise<ChatView> {
  const [kind, id] = to.split(" ");
  return api.post<ChatView>(`/chats/${chat}/transfer`, {
    ...(kind === "team" ? { team_id: id } : { agent_id: id }),
    ...(note !== "" && { note }),
  });
}

async function ask(chat: string, to: string): Promise<undefined> {
  await api.post(`/chats/${chat}/invite`, { agent_id: to.split(" ")[1] });
}
