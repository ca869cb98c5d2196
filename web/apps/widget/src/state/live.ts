/**
 * What goes on between a visitor and an agent: where the chat stands, who writes, what was read. Messages are the talk's
 * own, sent by its outbox; the socket brings the others' the moment they are stored, and without it they are fetched.
 */
import { backoff } from "@usher/live/backoff.ts";
import type { ServerFrame } from "@usher/live/frames.ts";
import { createSocket, type Wire } from "@usher/live/socket.ts";
import type { Core, EventName } from "../loader/core.ts";
import type { Message, VisitorChat } from "../protocol.ts";
import type { Clock } from "./clock.ts";
import type { Talk } from "./talk.ts";

type Frame = ServerFrame<VisitorChat, Message>;
/** What the visitor gives at the end, and what became of it. */
type Giving = "idle" | "sending" | "done" | "failed";

/** What the pictures need to know. */
export type LiveScene = {
  chat: VisitorChat;
  /** The agent who writes now. */
  writer: string | null;
  /** Highest number that an agent has read. */
  read: number;
  /** Minutes that the visitor waits at most. */
  minutes: number | null;
  rating: Giving;
  mailing: Giving;
  mailedTo: string;
};

export type LiveState = {
  scene(): LiveScene;
  /** Stops waiting, or ends the chat. */
  finish(): void;
  /** The visitor is at the keyboard; `false`: the field is empty. */
  typed(on: boolean): void;
  /** What stands on the screen has been seen. */
  seen(): void;
  rate(rating: number, comment: string): void;
  mail(email: string): void;
  stop(): void;
};

export type Setting = { core: Core; clock: Clock; talk: Talk; changed(): void; connect(): Wire };

/** Without the socket the server is asked this often. */
const POLL_MS = 4000;
/** Who has not been heard typing for this long does not type any more; told again in half of that. */
const TYPING_MS = 6000;

export const createLiveState = ({ core, clock, talk, changed, connect }: Setting): LiveState => {
  const { id } = talk.about();
  const conversation = id as string;
  const chat = () => talk.about().chat as VisitorChat;
  let writer: LiveScene["writer"] = null;
  let silence = 0;
  let read = 0;
  let told = 0;
  let typedAt = Number.NEGATIVE_INFINITY;
  /** How far the server's clock is ahead, in milliseconds. */
  let ahead = 0;
  let tick = 0;
  let rating: Giving = "idle";
  let mailing: Giving = "idle";
  let mailedTo = "";
  let last = chat();

  const emit = (name: EventName) => {
    const { name: called, dialogue_id, kind: type, ui: uiType } = talk.about();
    const agentName = chat().agents[0]?.name ?? last.agents[0]?.name;
    core.emit(name, {
      name: called,
      id: dialogue_id,
      type,
      uiType,
      sid: conversation,
      ...(agentName && { agentName }),
    });
  };
  /** Tells the page what has happened since the last look; in the tab that the visitor has before the eyes. */
  const announce = () => {
    const now = chat();
    const another = now.id !== last.id;
    if (!document.hidden) {
      if (another) emit("live_chat_requested");
      if (now.state === "with_agent" && (another || last.state === "waiting")) emit("live_chat_initiated");
      if (now.state === "ended" && (another || last.state !== "ended"))
        emit(END_EVENTS[now.outcome ?? "cancelled"]);
    }
    last = now;
  };

  const here = () => ({ after: talk.about().last_seq, epoch: talk.about().epoch });
  const watch = () => socket?.watch(conversation, here);
  const take = (next: VisitorChat) => {
    const about = talk.about();
    talk.adopt({ ...about, chat: next }, about.last_seq);
    // The dialogue goes on, or has come to its end: that is for the server to say.
    if (next.state === "ended") talk.refresh();
  };

  const heard = (frame: Frame) => {
    if (frame.t === "ready") ahead = Date.parse(frame.at) - Date.now();
    if (!("conversation" in frame) || frame.conversation !== conversation) return;
    if (frame.t === "messages") {
      talk.adopt(
        { ...talk.about(), epoch: frame.epoch, last_seq: frame.upto, messages: frame.items },
        frame.after,
      );
    } else if (frame.t === "resync") talk.refresh(true).then(watch);
    else if (frame.t === "chat") take(frame.chat);
    else if (frame.t === "typing" && frame.who === "agent") types(frame.on ? (frame.name ?? "") : null);
    else if (frame.t === "read" && frame.who === "agent") read = Math.max(read, frame.seq);
    changed();
  };
  const types = (who: string | null) => {
    clock.cancel(silence);
    writer = who;
    if (who === null) return;
    silence = clock.timer(() => {
      writer = null;
      changed();
    }, TYPING_MS);
  };

  const open = () =>
    createSocket<Frame>({
      connect,
      hello: () => ({ token: core.read("token") ?? undefined }),
      heard,
      turned: () => beat(),
      wait: (failures) => backoff(failures, 0, clock.random),
      clock,
    });
  /** Looks again while there is no socket, and keeps the minutes of waiting current. */
  const beat = () => {
    clock.cancel(tick);
    if (!socket) return;
    tick = clock.timer(() => {
      if (!socket?.ready() && !document.hidden) talk.refresh();
      changed();
      beat();
    }, POLL_MS);
  };
  let socket: ReturnType<typeof open> | undefined;
  /** There is a socket as long as there is a chat. */
  const follow = () => {
    const over = chat().state === "ended";
    if (over && socket) {
      types(null);
      clock.cancel(tick);
      socket.stop();
      socket = undefined;
    } else if (!over && !socket) {
      socket = open();
      watch();
      beat();
    }
  };
  follow();

  const give = async (path: string, body: object, said: (how: Giving) => void) => {
    said("sending");
    changed();
    const reply = await core.call<VisitorChat | null>(`conversations/${conversation}/chat/${path}`, body);
    const { status } = reply;
    said(status > 0 && status < 300 ? "done" : "failed");
    if (status === 200 && reply.body) take(reply.body);
    changed();
  };

  return {
    scene() {
      follow();
      if (last !== chat()) announce();
      const { answer_by, state } = last;
      const left = answer_by && state === "waiting" ? Date.parse(answer_by) - Date.now() - ahead : null;
      const minutes = left === null ? null : Math.max(1, Math.ceil(left / 60_000));
      return { chat: last, writer, read, minutes, rating, mailing, mailedTo };
    },
    finish: () => give(chat().state === "waiting" ? "cancel" : "end", {}, () => {}),
    typed(on) {
      const now = clock.now();
      if (on ? now - typedAt < TYPING_MS / 2 : typedAt < 0) return;
      typedAt = on ? now : Number.NEGATIVE_INFINITY;
      socket?.send({ t: "typing", conversation, on });
    },
    seen() {
      const { last_seq: seq } = talk.about();
      if (seq > told && talk.isOpen() && !document.hidden && socket?.send({ t: "read", conversation, seq }))
        told = seq;
    },
    rate: (stars, comment) =>
      give("rating", { rating: stars, ...(comment && { comment }) }, (how) => {
        rating = how;
      }),
    mail(email) {
      mailedTo = email;
      give("transcript", { email }, (how) => {
        mailing = how;
      });
    },
    stop() {
      clock.cancel(tick);
      clock.cancel(silence);
      socket?.stop();
      socket = undefined;
    },
  };
};

const END_EVENTS: Record<NonNullable<VisitorChat["outcome"]>, EventName> = {
  ended_by_agent: "live_chat_ended",
  ended_by_visitor: "live_chat_ended",
  timed_out: "live_chat_ended",
  cancelled: "live_chat_ended",
  missed: "live_chat_timeout",
  nobody: "live_chat_timeout",
};
