/**
 * The live side of the console: one socket a tab, the conversations that are looked at with their messages by number, who
 * types, and what one is asked. Rows, chats and offers live in the query cache, so that screens read them as everything else.
 */
import type { QueryClient } from "@tanstack/react-query";
import type { ChatMessages, ChatView, LiveMe, Message, Offer, Said } from "@usher/api";
import { backoff } from "@usher/live/backoff.ts";
import type { AgentFrame, ServerFrame } from "@usher/live/frames.ts";
import { emptyLog, type Log, merge } from "@usher/live/log.ts";
import { createSocket, type LiveSocket, type Wire } from "@usher/live/socket.ts";
import { api, sendFile } from "#lib/api/client.ts";
import { sentence } from "#lib/ui/notify.ts";
import { withOffer, withoutOffer } from "./offers.ts";
import { chatQuery, KEYS, liveMeQuery } from "./queries.ts";
import { Sender } from "./sender.ts";

type Frame = ServerFrame<ChatView, Message> | AgentFrame<Offer, LiveMe>;

/** One conversation, as far as this tab holds it. */
export interface Thread {
  readonly log: Log<Message>;
  /** Everything was read once. */
  readonly loaded: boolean;
  readonly error: Error | null;
  /** The visitor writes now. */
  readonly typing: boolean;
  /** Colleagues who write now. */
  readonly writers: readonly string[];
  readonly visitorRead: number;
}

export interface Standing {
  readonly connected: boolean;
  /** How far the server's clock is ahead, in milliseconds. */
  readonly ahead: number;
}

const FRESH: Thread = {
  log: emptyLog,
  loaded: false,
  error: null,
  typing: false,
  writers: [],
  visitorRead: 0,
};
/** Without the socket everything is looked at this often. */
const POLL_MS = 4000;
/** Who was not heard typing for this long does not type any more. */
const TYPING_MS = 6000;

interface Followed {
  chat: string;
  watchers: number;
}

export class LiveDesk {
  readonly #queries: QueryClient;
  readonly #connect: () => Wire;
  readonly #listeners = new Set<() => void>();
  readonly #threads = new Map<string, Thread>();
  readonly #followed = new Map<string, Followed>();
  readonly #senders = new Map<string, Sender>();
  readonly #typing = new Map<string, ReturnType<typeof setTimeout>>();
  #socket: LiveSocket | null = null;
  #standing: Standing = { connected: false, ahead: 0 };
  #typed = new Map<string, number>();

  constructor(queries: QueryClient, connect: () => Wire) {
    this.#queries = queries;
    this.#connect = connect;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly standing = (): Standing => this.#standing;
  readonly thread = (conversation: string): Thread => this.#threads.get(conversation) ?? FRESH;

  /** Connects until the returned function is called. */
  start(): () => void {
    const socket = createSocket<Frame>({
      connect: this.#connect,
      hello: () => ({}),
      heard: (frame) => this.#heard(frame),
      turned: (ready) => this.#turned(ready),
      wait: (failures) => backoff(failures),
      clock: {
        timer: (run, ms) => setTimeout(run, ms) as unknown as number,
        cancel: (id) => clearTimeout(id),
      },
    });
    this.#socket = socket;
    for (const conversation of this.#followed.keys()) this.#watch(conversation);
    const online = () => socket.hurry();
    window.addEventListener("online", online);
    const poll = setInterval(() => this.#poll(), POLL_MS);
    return () => {
      window.removeEventListener("online", online);
      clearInterval(poll);
      socket.stop();
      this.#socket = null;
    };
  }

  /** Keeps the messages of a chat current until the returned function is called. */
  follow(chat: string, conversation: string): () => void {
    const followed = this.#followed.get(conversation) ?? { chat, watchers: 0 };
    followed.chat = chat;
    followed.watchers += 1;
    this.#followed.set(conversation, followed);
    if (followed.watchers === 1) void this.refresh(conversation).then(() => this.#watch(conversation));
    return () => {
      followed.watchers -= 1;
      if (followed.watchers > 0) return;
      this.#followed.delete(conversation);
      this.#socket?.unwatch(conversation);
    };
  }

  /** Reads what is missing; `whole`: everything once more. */
  async refresh(conversation: string, whole = false): Promise<void> {
    const followed = this.#followed.get(conversation);
    if (!followed) return;
    const { log } = this.thread(conversation);
    const after = whole || log.epoch < 0 ? 0 : log.cursor;
    try {
      const answer = await api.get<ChatMessages>(`/chats/${followed.chat}/messages`, { query: { after } });
      const part = { epoch: answer.epoch, last_seq: answer.upto, messages: answer.items };
      const merged = merge(whole ? emptyLog : this.thread(conversation).log, part, after);
      if (merged === "gap") return await this.refresh(conversation, true);
      if (merged !== "stale") this.#took(conversation, merged, { loaded: true, error: null });
      else this.#change(conversation, { loaded: true, error: null });
    } catch (error) {
      this.#change(conversation, { error: error as Error });
    }
  }

  /** What this agent writes in a chat. */
  sender(chat: string, conversation: string): Sender {
    const known = this.#senders.get(chat);
    if (known) return known;
    const sender = new Sender({
      post: async ({ file, ...message }, onSent) => {
        const { signal } = new AbortController();
        const path = `/chats/${chat}/attachments?client_id=${message.client_id}`;
        if (file) await sendFile<Said>({ method: "POST", path, file, onSent, signal });
        else await api.post<Said>(`/chats/${chat}/messages`, message);
        // Usually the socket was faster.
        const arrived = this.thread(conversation).log.messages.some((m) => m.client_id === message.client_id);
        if (!arrived) await this.refresh(conversation);
      },
      changed: () => this.#tell(),
      sentence,
    });
    this.#senders.set(chat, sender);
    return sender;
  }

  /** One is at the keyboard; `false`: the field is empty. */
  typed(conversation: string, on: boolean): void {
    const last = this.#typed.get(conversation);
    const now = Date.now();
    if (on ? last !== undefined && now - last < TYPING_MS / 2 : last === undefined) return;
    if (on) this.#typed.set(conversation, now);
    else this.#typed.delete(conversation);
    this.#socket?.send({ t: "typing", conversation, on });
  }

  /** The messages up to this number were on the screen. */
  read(conversation: string, seq: number): void {
    this.#socket?.send({ t: "read", conversation, seq });
  }

  /** A chat as an answer or a frame has it; the newest revision counts. */
  tookChat(chat: ChatView): void {
    this.#queries.setQueryData(chatQuery(chat.id).queryKey, (held) =>
      held && held.revision > chat.revision ? held : chat,
    );
  }

  dropOffer(chat: string): void {
    this.#offers((offers) => withoutOffer(offers, chat));
  }

  #heard(frame: Frame): void {
    switch (frame.t) {
      case "ready":
        this.#stand({ ahead: Date.parse(frame.at) - Date.now() });
        break;
      case "messages": {
        const { conversation, epoch, upto, items, after } = frame;
        const { log } = this.thread(conversation);
        const merged = merge(log, { epoch, last_seq: upto, messages: items }, after);
        if (merged === "gap") void this.refresh(conversation).then(() => this.#watch(conversation));
        else if (merged !== "stale") this.#took(conversation, merged);
        break;
      }
      case "resync":
        void this.refresh(frame.conversation, true).then(() => this.#watch(frame.conversation));
        void this.#queries.invalidateQueries({ queryKey: KEYS.chats });
        break;
      case "chat":
        this.tookChat(frame.chat);
        this.#change(frame.conversation, { visitorRead: frame.chat.visitor_read });
        break;
      case "typing":
        this.#types(frame);
        break;
      case "read":
        if (frame.who === "visitor") this.#change(frame.conversation, { visitorRead: frame.seq });
        break;
      case "offer":
        this.#offers((offers) => withOffer(offers, frame.offer));
        break;
      case "offer_gone":
        this.dropOffer(frame.chat_id);
        break;
      case "me":
        this.#queries.setQueryData(liveMeQuery.queryKey, frame.me);
        break;
      case "refused":
        // It went to somebody else, and is not ours to see any more.
        if (frame.code === "not_found") void this.#queries.invalidateQueries({ queryKey: KEYS.chats });
        break;
      case "inbox":
        void this.#queries.invalidateQueries({ queryKey: KEYS.lists });
        break;
      default:
    }
  }

  #turned(connected: boolean): void {
    this.#stand({ connected });
    // What happened meanwhile was told to nobody here.
    if (!connected) return;
    void this.#queries.invalidateQueries({ queryKey: KEYS.chats });
    void this.#queries.invalidateQueries({ queryKey: liveMeQuery.queryKey });
  }

  #poll(): void {
    if (this.#standing.connected || document.hidden) return;
    for (const conversation of this.#followed.keys()) void this.refresh(conversation);
    void this.#queries.invalidateQueries({ queryKey: KEYS.chats });
  }

  #watch(conversation: string): void {
    if (!this.#followed.has(conversation) || !this.thread(conversation).loaded) return;
    this.#socket?.watch(conversation, () => {
      const { log } = this.thread(conversation);
      return { after: log.cursor, epoch: Math.max(0, log.epoch) };
    });
  }

  #took(conversation: string, log: Log<Message>, more: Partial<Thread> = {}): void {
    this.#change(conversation, { log, ...more });
    const chat = this.#followed.get(conversation)?.chat;
    if (chat) this.#senders.get(chat)?.arrived(new Set(log.messages.map((one) => one.client_id)));
  }

  #types({ conversation, who, name, on }: Extract<Frame, { t: "typing" }>): void {
    const key = `${conversation} ${who} ${name ?? ""}`;
    clearTimeout(this.#typing.get(key));
    const set = (active: boolean) => {
      if (who === "visitor") return this.#change(conversation, { typing: active });
      const others = this.thread(conversation).writers.filter((one) => one !== (name ?? ""));
      this.#change(conversation, { writers: active ? [...others, name ?? ""] : others });
    };
    set(on);
    if (on)
      this.#typing.set(
        key,
        setTimeout(() => set(false), TYPING_MS),
      );
  }

  #offers(change: (offers: Offer[]) => Offer[]): void {
    this.#queries.setQueryData(liveMeQuery.queryKey, (me) => me && { ...me, offers: change(me.offers) });
  }

  #change(conversation: string, change: Partial<Thread>): void {
    this.#threads.set(conversation, { ...this.thread(conversation), ...change });
    this.#tell();
  }

  #stand(change: Partial<Standing>): void {
    this.#standing = { ...this.#standing, ...change };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
