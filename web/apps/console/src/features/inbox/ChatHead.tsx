import { ActionIcon, Badge, Button, Menu, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ChatView } from "@usher/api";
import { api, download } from "#lib/api/client.ts";
import { useMay } from "#lib/api/session.ts";
import { whoIs } from "#lib/live/alerts.ts";
import { useDesk } from "#lib/live/Live.tsx";
import { KEYS } from "#lib/live/queries.ts";
import {
  ChevronLeftIcon,
  DownloadIcon,
  EllipsisIcon,
  LogInIcon,
  LogOutIcon,
  SplitIcon,
  UserPlusIcon,
  UserRoundIcon,
} from "#lib/ui/icons.ts";
import { notifyProblem } from "#lib/ui/notify.ts";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { standing } from "./chats.ts";
import { HandOver } from "./HandOver.tsx";
import classes from "./inbox.module.css";
import { Score } from "./Score.tsx";

interface HeadProps {
  chat: ChatView;
  onBack: () => void;
  onVisitor: () => void;
}

/** Who it is, where it stands, and what can be done with the chat as a whole. */
export function ChatHead({ chat, onBack, onVisitor }: HeadProps) {
  const mine = chat.mine && chat.state !== "ended";
  const [handing, hand] = useDisclosure(false);
  const [inviting, invite] = useDisclosure(false);
  const viewsAll = useMay("livechat.view_all");
  const act = useAct(chat, viewsAll, onBack);
  const takes = useMay("agent.livechat_availability");
  const mayJoin = viewsAll && takes;
  useShortcut("t", "Transfer", hand.open, { group: "Inbox", active: mine });
  useShortcut("i", "Invite a colleague", invite.open, { group: "Inbox", active: mine });
  const asked = chat.offers.find((one) => one.result === "open");
  return (
    <header className={classes.head}>
      <ActionIcon
        className={classes.toList}
        variant="subtle"
        color="gray"
        aria-label="Back to the chats"
        onClick={onBack}
      >
        <ChevronLeftIcon size={18} />
      </ActionIcon>
      <div className={classes.title}>
        <Title order={2} dir="auto" className={classes.subject}>
          {whoIs(chat.person)}
        </Title>
        <Text size="xs" c="dimmed" truncate dir="auto">
          {standing(chat)}
          {asked && chat.state === "with_agent" ? ` · offered to ${asked.agent.name}` : ""} ·{" "}
          {chat.dialogue_name}
        </Text>
      </div>
      {chat.rating ? (
        <Badge color="yellow" title={`Rated ${chat.rating} of 5`}>
          ★ {chat.rating}
        </Badge>
      ) : null}
      <Score chat={chat} />
      {mine ? (
        <Button
          variant="default"
          aria-label="End session"
          onClick={() => act.mutate("end")}
          loading={act.isPending}
        >
          <span>
            End<span className={classes.more}> session</span>
          </span>
        </Button>
      ) : null}
      {!chat.mine && chat.state === "with_agent" && mayJoin ? (
        <Button
          variant="default"
          leftSection={<LogInIcon size={14} />}
          onClick={() => act.mutate("join")}
          loading={act.isPending}
        >
          Join
        </Button>
      ) : null}
      <ActionIcon
        className={classes.toVisitor}
        variant="subtle"
        color="gray"
        aria-label="Show the visitor"
        onClick={onVisitor}
      >
        <UserRoundIcon size={18} />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label="More">
            <EllipsisIcon size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mine ? (
            <>
              <Menu.Item leftSection={<SplitIcon size={16} />} onClick={hand.open}>
                Transfer
              </Menu.Item>
              <Menu.Item leftSection={<UserPlusIcon size={16} />} onClick={invite.open}>
                Invite a colleague
              </Menu.Item>
              <Menu.Item leftSection={<LogOutIcon size={16} />} onClick={() => act.mutate("leave")}>
                Leave
              </Menu.Item>
            </>
          ) : null}
          <Menu.Item leftSection={<DownloadIcon size={16} />} onClick={() => void save(chat)}>
            Download the transcript
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <HandOver chat={chat} opened={handing} onClose={hand.close} how="transfer" />
      <HandOver chat={chat} opened={inviting} onClose={invite.close} how="invite" />
    </header>
  );
}

type Act = "end" | "join" | "leave";
const FAILED: Record<Act, string> = {
  end: "The session was not ended",
  join: "You did not join",
  leave: "You did not leave",
};

function useAct(chat: ChatView, viewsAll: boolean, onLeft: () => void) {
  const desk = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (what: Act) => api.post<ChatView | undefined>(`/chats/${chat.id}/${what}`, {}),
    onSuccess: (answer, what) => {
      // Whoever has left may not see it any more: there is nothing to be read again.
      if (what === "leave" && !viewsAll) {
        void queries.invalidateQueries({ queryKey: KEYS.lists });
        return onLeft();
      }
      if (answer) desk.tookChat(answer);
      void queries.invalidateQueries({ queryKey: KEYS.chats });
      void desk.refresh(chat.conversation_id);
    },
    onError: (error, what) => notifyProblem(FAILED[what], error),
  });
}

async function save(chat: ChatView): Promise<void> {
  try {
    await download(await api.raw("GET", `/chats/${chat.id}/transcript.txt`), `${chat.id}.txt`);
  } catch (error) {
    notifyProblem("The transcript could not be read", error);
  }
}
