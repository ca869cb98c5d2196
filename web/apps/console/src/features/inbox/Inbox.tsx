import { Button, Group } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { allows, useMay, useMe } from "#lib/api/session.ts";
import { BellIcon, InboxIcon, LayoutGridIcon } from "#lib/ui/icons.ts";
import { ButtonLink } from "#lib/ui/Links.tsx";
import { Page } from "#lib/ui/Page.tsx";
import { Empty } from "#lib/ui/States.tsx";
import { ChatList } from "./ChatList.tsx";
import { ChatPane } from "./ChatPane.tsx";
import classes from "./inbox.module.css";

const route = getRouteApi("/frame/inbox");

/** Chats on the left, the open one in the middle, its visitor on the right; on a phone one after the other. */
export function Inbox() {
  const { chat, step } = route.useSearch();
  const board = useMay("livechat.view_all");
  return (
    <Page
      title="Inbox"
      fill
      actions={
        <Group gap="xs" className={chat === undefined ? undefined : "wide-only"}>
          <NotifyButton />
          {board ? (
            <ButtonLink to="/inbox/board" variant="default" leftSection={<LayoutGridIcon size={14} />}>
              Live board
            </ButtonLink>
          ) : null}
        </Group>
      }
    >
      <div className={classes.frame}>
        <div className={classes.inbox} data-step={chat === undefined ? "list" : (step ?? "chat")}>
          <section className={classes.left} aria-label="Chats">
            <ChatList />
          </section>
          {chat === undefined ? (
            <section className={classes.middle} aria-label="Conversation">
              <Nothing />
            </section>
          ) : (
            <ChatPane key={chat} id={chat} />
          )}
        </div>
      </div>
    </Page>
  );
}

function Nothing() {
  const me = useMe();
  const agent = allows(me, "agent.livechat_availability");
  return (
    <Empty icon={InboxIcon} title="No chat is open">
      {agent
        ? "Choose one on the left. New ones are offered to you on every screen while you are available and the console is open in a tab."
        : "Choose one on the left."}
    </Empty>
  );
}

/** Asks the browser for its notifications, only when one wants them. */
function NotifyButton() {
  const me = useMe();
  const known = "Notification" in window;
  const [state, setState] = useState(known ? Notification.permission : "denied");
  if (state !== "default" || !allows(me, "agent.livechat_availability")) return null;
  return (
    <Button
      variant="default"
      leftSection={<BellIcon size={14} />}
      onClick={() => void Notification.requestPermission().then(setState)}
    >
      Notify me
    </Button>
  );
}
