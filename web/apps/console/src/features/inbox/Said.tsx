import { ActionIcon, Menu } from "@mantine/core";
import type { Message } from "@usher/api";
import { dateTime, timeOfDay } from "#lib/ui/format.ts";
import { EllipsisIcon, PencilIcon, TrashIcon } from "#lib/ui/icons.ts";
import { MessageContent } from "#lib/ui/Transcript.tsx";
import classes from "./inbox.module.css";
import { SentFile } from "./SentFile.tsx";

interface SaidProps {
  chat: string;
  message: Message;
  before: Message | undefined;
  me: string;
  changeable: boolean;
  onEdit: () => void;
  onDelete: () => void;
}

/** One message: the visitor's on the one side, ours on the other; notes look like nothing that goes out. */
export function Said({ chat, message, before, me, changeable, onEdit, onDelete }: SaidProps) {
  const { from, kind, author } = message;
  const note = kind === "note";
  const follows =
    before !== undefined &&
    before.from === from &&
    before.author?.id === author?.id &&
    (before.kind === "note") === note &&
    Date.parse(message.at) - Date.parse(before.at) < 5 * 60_000;
  const who =
    from === "visitor" ? "Visitor" : from === "bot" ? "Bot" : author?.id === me ? "You" : author?.name;
  return (
    <li
      className={classes.said}
      data-from={from}
      data-note={note || undefined}
      data-superseded={message.superseded || undefined}
      data-follows={follows || undefined}
    >
      {from === "system" ? null : (
        <span className={follows ? classes.unseen : classes.who}>
          <span dir="auto">{who}</span>
          {note ? <b> · note for colleagues</b> : null}{" "}
          <time dateTime={message.at} title={dateTime(message.at)}>
            {timeOfDay(message.at)}
          </time>
        </span>
      )}
      <div className={classes.line2}>
        <div
          className={classes.bubble}
          data-file={message.attachment?.width && !message.deleted ? true : undefined}
          title={dateTime(message.at)}
          dir="auto"
        >
          {message.attachment && !message.deleted ? (
            <SentFile chat={chat} file={message.attachment} />
          ) : (
            <MessageContent message={message} />
          )}
        </div>
        {changeable ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon
                className={classes.tools}
                variant="subtle"
                color="gray"
                size="sm"
                aria-label="Change this message"
              >
                <EllipsisIcon size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {message.attachment ? null : (
                <Menu.Item leftSection={<PencilIcon size={14} />} onClick={onEdit}>
                  Edit
                </Menu.Item>
              )}
              <Menu.Item leftSection={<TrashIcon size={14} />} onClick={onDelete}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
      {message.edited_at && !message.deleted ? <span className={classes.edited}>edited</span> : null}
    </li>
  );
}
