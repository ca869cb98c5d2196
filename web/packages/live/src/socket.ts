/**
 * One socket of a tab: connects, says hello, watches conversations, and comes back by itself after every interruption with
 * the numbers that are held by then. Truth is with the server; here nothing is kept but who is watched.
 */
import { type ClientFrame, PROTOCOL } from "./frames.ts";

/** As much of the browser's WebSocket as is needed. */
export type Wire = {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
};

/** Up to where a conversation is held. */
export type Place = { after: number; epoch: number };

/** What every frame has; only `bye` says when to come back. */
type Frame = { t: string; again_in_ms?: number };

export type SocketSettings<F extends Frame> = {
  connect(): Wire;
  /** What the other side has to know first, besides the protocol. */
  hello(): { token?: string };
  heard(frame: F): void;
  /** The server listens and speaks now, or not any more. */
  turned(ready: boolean): void;
  /** Milliseconds before the attempt that follows so many failures. */
  wait(failures: number): number;
  clock: { timer(run: () => void, ms: number): number; cancel(id: number): void };
};

export type LiveSocket = {
  /** Follows a conversation; `place` is asked at every connection. Called again: from there once more. */
  watch(conversation: string, place: () => Place): void;
  unwatch(conversation: string): void;
  /** False when nobody is there to hear it. */
  send(frame: ClientFrame): boolean;
  ready(): boolean;
  /** The network may be back: tries at once. */
  hurry(): void;
  stop(): void;
};

/** Silence after which the other end is asked whether it is there, and how long it may take to say so. */
const SILENCE_MS = 25_000;
const PATIENCE_MS = 10_000;

export const createSocket = <F extends Frame>(settings: SocketSettings<F>): LiveSocket => {
  const { clock } = settings;
  const watched = new Map<string, () => Place>();
  let wire: Wire | null = null;
  let ready = false;
  let failures = 0;
  let asked = 0;
  let timer = 0;
  let stopped = false;

  const later = (run: () => void, ms: number) => {
    clock.cancel(timer);
    timer = clock.timer(run, ms);
  };
  const put = (frame: ClientFrame) => wire?.send(JSON.stringify(frame));
  const follow = (conversation: string, place: () => Place) => put({ t: "watch", conversation, ...place() });

  const drop = () => {
    const gone = wire;
    wire = null;
    if (!gone) return;
    gone.onopen = gone.onclose = gone.onmessage = null;
    gone.close();
    if (ready) settings.turned(false);
    ready = false;
    if (!stopped) later(connect, Math.max(asked, settings.wait(++failures)));
    asked = 0;
  };

  /** Asks a silent server whether it is there: a connection can be dead without anybody noticing. */
  const listen = () =>
    later(() => {
      put({ t: "ping" });
      later(drop, PATIENCE_MS);
    }, SILENCE_MS);

  const heard = (text: unknown) => {
    const frame = parse<F>(text);
    if (!frame) return;
    if (frame.t === "ready") {
      ready = true;
      failures = 0;
      settings.turned(true);
      for (const [conversation, place] of watched) follow(conversation, place);
    }
    if (frame.t === "bye") asked = frame.again_in_ms ?? 0;
    listen();
    settings.heard(frame);
  };

  function connect() {
    if (stopped || wire) return;
    const here = settings.connect();
    wire = here;
    here.onopen = () => put({ t: "hello", protocol: PROTOCOL, ...settings.hello() });
    here.onmessage = ({ data }) => heard(data);
    here.onclose = drop;
    later(drop, PATIENCE_MS);
  }

  connect();
  return {
    watch(conversation, place) {
      watched.set(conversation, place);
      if (ready) follow(conversation, place);
    },
    unwatch(conversation) {
      if (watched.delete(conversation) && ready) put({ t: "unwatch", conversation });
    },
    send(frame) {
      if (ready) put(frame);
      return ready;
    },
    ready: () => ready,
    hurry() {
      if (wire) return;
      clock.cancel(timer);
      connect();
    },
    stop() {
      stopped = true;
      clock.cancel(timer);
      drop();
    },
  };
};

const parse = <F extends Frame>(text: unknown): F | null => {
  try {
    const frame = JSON.parse(String(text)) as F | null;
    return typeof frame?.t === "string" ? frame : null;
  } catch {
    return null;
  }
};
