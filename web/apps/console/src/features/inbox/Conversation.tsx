import { Button, Text } from "@mantine/core";
import type { ChatView, Message } from "@usher/api";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useMe } from "#lib/api/session.ts";
import { useDesk, useSender, useStanding, useThread } from "#lib/live/Live.tsx";
import { ArrowDownIcon } from "#lib/ui/icons.ts";
import { Failed, LinesSkeleton } from "#lib/ui/States.tsx";
import { Composer, type Mode } from "./Composer.tsx";
import { isBlind, isChangeable, lastOfVisitor } from "./chats.ts";
import classes from "./inbox.module.css";
import { Said } from "./Said.tsx";
import { Unsent } from "./Unsent.tsx";
import { useChange } from "./use-change.ts";
import { useDrop } from "./use-drop.ts";

/** So near the end one is reading what comes. */
const NEAR = 48;

/** Everything that was said, the automated part included, and the place to write. */
export function Conversation({ chat }: { chat: ChatView }) {
  const me = useMe();
  const desk = useDesk();
  const { connected } = useStanding();
  const thread = useThread(chat.id, chat.conversation_id);
  const { sender, unsent } = useSender(chat.id, chat.conversation_id);
  const { messages } = thread.log;
  const view = useView(messages, unsent.length, thread.loaded);
  const [held, setHeld] = useState(false);
  const [changing, setChanging] = useState<Message | null>(null);
  const change = useChange(chat);

  const last = messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (chat.mine && view.seen > 0) desk.read(chat.conversation_id, view.seen);
  }, [desk, chat.mine, chat.conversation_id, view.seen]);

  /** False when the words are not to go out yet: there is something that has not been looked at. */
  const say = async (mode: Mode, text: string): Promise<boolean> => {
    if (changing) {
      change.edit(changing.seq, text);
      setChanging(null);
      return true;
    }
    if (!connected) await desk.refresh(chat.conversation_id);
    const now = desk.thread(chat.conversation_id).log.messages;
    if (mode === "text" && isBlind(now, view.seen)) {
      setHeld(true);
      view.toEnd();
      return false;
    }
    setHeld(false);
    sender.say(mode, text);
    view.toEnd();
    return true;
  };
  const attach = (files: readonly File[]) => {
    for (const file of files) sender.attach(file);
    view.toEnd();
  };
  const drop = useDrop(chat.may_write, attach);
  const changeable = messages.filter((one) => isChangeable(one, me.user.id, Date.now()));

  if (!thread.loaded) {
    return thread.error ? (
      <Failed
        error={thread.error}
        what="The conversation could not be read"
        retry={() => void desk.refresh(chat.conversation_id)}
      />
    ) : (
      <LinesSkeleton />
    );
  }
  const news = lastOfVisitor(messages) > view.seen;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: with nothing in it to tab to, the arrow keys scroll it */}
      <div className={classes.scroller} ref={view.scroller} tabIndex={0} {...drop.place} onScroll={view.look}>
        <ol className={classes.talk} aria-label="Messages" aria-live="polite" aria-relevant="additions">
          {messages.map((one, at) => (
            <Said
              key={one.client_id ?? one.seq}
              chat={chat.id}
              message={one}
              before={messages[at - 1]}
              me={me.user.id}
              changeable={changeable.includes(one)}
              onEdit={() => setChanging(one)}
              onDelete={() => change.remove(one.seq)}
            />
          ))}
          {unsent.map((one) => (
            <Unsent key={one.client_id} message={one} sender={sender} />
          ))}
        </ol>
        <Marks chat={chat} messages={messages} read={Math.max(thread.visitorRead, chat.visitor_read)} />
        <Text size="xs" c="dimmed" className={classes.typing} role="status">
          {thread.typing ? "The visitor is typing" : ""}
          {thread.writers.filter((one) => one !== me.user.name).map((one) => ` ${one} is typing`)}
        </Text>
      </div>
      {news ? (
        <Button
          className={classes.news}
          size="compact-sm"
          radius="xl"
          leftSection={<ArrowDownIcon size={14} />}
          onClick={view.toEnd}
        >
          New messages
        </Button>
      ) : null}
      <Foot chat={chat} connected={connected} held={held && last > 0}>
        <Composer
          key={changing?.seq ?? "new"}
          chat={chat.id}
          draftOf={`${me.user.id} ${chat.id}`}
          changing={changing}
          onSay={say}
          onStop={() => setChanging(null)}
          onTyping={(on) => desk.typed(chat.conversation_id, on)}
          onLast={() => setChanging(changeable.findLast((one) => !one.attachment) ?? null)}
          onFiles={attach}
        />
      </Foot>
    </>
  );
}

/** What was on the screen while one was looking, and the way to the end. */
function useView(messages: readonly Message[], unsent: number, drawn: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [seen, setSeen] = useState(0);
  const last = messages.at(-1)?.seq ?? 0;
  const look = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (follows.current && !document.hidden) setSeen(last);
  }, [last]);
  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    follows.current = true;
    look();
  }, [look]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for everything new
  useLayoutEffect(() => {
    if (follows.current) toEnd();
  }, [last, unsent, drawn, toEnd]);
  useEffect(() => {
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [look]);
  return { scroller, seen, look, toEnd };
}

/** Under one's last words: whether the visitor has read them. */
function Marks({ chat, messages, read }: { chat: ChatView; messages: readonly Message[]; read: number }) {
  const last = messages.at(-1);
  if (chat.state === "ended" || last?.from !== "agent" || !["text", "attachment"].includes(last.kind))
    return null;
  return <p className={classes.mark}>{read >= last.seq ? "Read" : "Delivered"}</p>;
}

interface FootProps {
  chat: ChatView;
  connected: boolean;
  held: boolean;
  children: React.ReactNode;
}

/** Where one writes, or why one does not. */
function Foot({ chat, connected, held, children }: FootProps) {
  if (!chat.may_write) {
    const why =
      chat.state === "ended"
        ? "This chat is over."
        : chat.state === "with_agent"
          ? "You are reading along. Join to write."
          : "Nobody has taken this chat yet.";
    return (
      <Text size="sm" c="dimmed" className={classes.foot}>
        {why}
      </Text>
    );
  }
  return (
    <div className={classes.foot}>
      <p role="status" className={classes.hint}>
        {held ? "New messages came while you wrote. Look at them; Enter sends your words as they are." : ""}
        {connected ? "" : " No connection right now; what you write is sent as soon as it is back."}
      </p>
      {children}
    </div>
  );
}
