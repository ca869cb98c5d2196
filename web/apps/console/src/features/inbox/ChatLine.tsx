import { Badge } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ChatRow } from "@usher/api";
import { whoIs } from "#lib/live/alerts.ts";
import { TimeAgo } from "#lib/ui/Shown.tsx";
import { isMine, standing } from "./chats.ts";
import classes from "./inbox.module.css";

const SPEAKER = { agent: "Agent: ", bot: "Bot: ", visitor: "", system: "" } as const;

/** One chat of the list. */
export function ChatLine({ chat, me, open }: { chat: ChatRow; me: string; open: boolean }) {
  const { last_message: last, unread, visitor_online: online } = chat;
  const mine = isMine(chat, me);
  return (
    <li>
      <Link
        to="/inbox"
        search={(before) => ({ ...before, chat: chat.id, step: undefined })}
        className={classes.line}
        data-open={open || undefined}
        data-unread={(mine && unread > 0) || undefined}
        aria-current={open ? "true" : undefined}
      >
        <span className={classes.top}>
          <span className={classes.name} dir="auto">
            {chat.state !== "ended" ? (
              <span
                className={classes.presence}
                data-online={online || undefined}
                title={online ? "On the site now" : "Not on the site now"}
              />
            ) : null}
            {whoIs(chat.person)}
          </span>
          <span className={classes.when}>
            <TimeAgo at={last?.at ?? chat.requested_at} />
          </span>
        </span>
        <span className={classes.last} dir="auto">
          {last ? `${SPEAKER[last.from]}${last.text}` : "–"}
        </span>
        <span className={classes.top}>
          <span className={classes.last} dir="auto">
            {mine ? "Yours" : standing(chat)} · {chat.dialogue_name}
          </span>
          {mine && unread > 0 ? (
            <Badge variant="filled" size="sm" circle={unread < 10} aria-label={`${unread} unread`}>
              {unread}
            </Badge>
          ) : null}
          {chat.rating ? (
            <span className={classes.when} title={`Rated ${chat.rating} of 5`}>
              ★ {chat.rating}
            </span>
          ) : null}
        </span>
      </Link>
    </li>
  );
}
