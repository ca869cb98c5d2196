import { backoff } from "@usher/live/backoff.ts";
import type { EventName } from "../loader/core.ts";
import type { DocumentEvent, Input } from "../protocol.ts";
import type { Clock } from "./clock.ts";

/** How a visitor's answer looks before the server has it. */
export type Echo = { text?: string; values?: { label: string; value: string }[] };

/** Something the visitor did that the server must learn, once and in order. */
export type Op = {
  /** Idempotency key: the same one at every attempt, also after a reload. */
  client_id: string;
  /** When, in milliseconds since 1970. */
  at: number;
  /** The dialogue and, once known, the conversation that it belongs to. */
  dialogue: string;
  conversation: string | null;
} & (
  | { kind: "start" | "restart" | "close" }
  | { kind: "back"; card_id: string }
  | { kind: "document"; card_id: string; event: DocumentEvent }
  | { kind: "say"; echo: Echo }
  | { kind: "input"; card_id: string; input: Input; echo: Echo; emits: EventName[] }
);

/** `"done"`: the server has decided, whatever it said. Otherwise try again, not before `retryAfter` seconds. */
export type Verdict = "done" | { retryAfter: number };

type Shelf = { read(): string | null; write(text: string | null): void };

export type Outbox = {
  ops(): Op[];
  /** Failed attempts since something last got through. */
  failures(): number;
  add(op: Op): void;
  /** Takes over what an earlier page left unsent and belongs here. */
  resume(belongs: (op: Op) => boolean): void;
  /** The connection may be back: try at once. */
  hurry(): void;
  /** Sends no more on this page; the shelf keeps what is unsent. */
  stop(): void;
  /** Forgets what is unsent. */
  clear(): void;
};

/** What a visitor said longer ago than this is no answer any more (a conversation is dropped after as long). */
const STALE_MS = 24 * 3_600_000;

/** Sends one operation at a time, in order; keeps trying with backoff; remembers across pages where storing is allowed. */
export const createOutbox = (
  clock: Clock,
  shelf: Shelf,
  deliver: (op: Op) => Promise<Verdict>,
  changed: () => void,
): Outbox => {
  let ops: Op[] = [];
  let failures = 0;
  let busy = false;
  let timer = 0;

  const stored = (): Op[] => {
    try {
      const list: unknown = JSON.parse(shelf.read() ?? "[]");
      const fresh = (op: Partial<Op> | null) => op?.client_id && (op.at ?? 0) > Date.now() - STALE_MS;
      return Array.isArray(list) ? list.filter(fresh) : [];
    } catch {
      return [];
    }
  };
  // Read, change, write: another tab's operations are on the same shelf.
  const store = (change: (list: Op[]) => Op[]) => {
    const list = change(stored());
    shelf.write(list.length ? JSON.stringify(list) : null);
  };

  const pump = async (): Promise<void> => {
    const op = ops[0];
    if (busy || timer || !op) return;
    busy = true;
    // An answer that makes no sense will not make more sense the next time.
    const verdict = await deliver(op).catch((): Verdict => "done");
    busy = false;
    if (verdict === "done") {
      failures = 0;
      ops = ops.filter((o) => o !== op);
      store((list) => list.filter((o) => o.client_id !== op.client_id));
    } else if (ops[0] === op) {
      timer = clock.timer(
        () => {
          timer = 0;
          pump();
        },
        backoff(++failures, verdict.retryAfter, clock.random),
      );
    }
    changed();
    return pump();
  };

  const stop = () => {
    clock.cancel(timer);
    timer = failures = 0;
    ops = [];
  };

  return {
    ops: () => ops,
    failures: () => failures,
    add(op) {
      ops = [...ops, op];
      store((list) => [...list, op]);
      changed();
      pump();
    },
    resume(belongs) {
      const left = stored().filter((op) => belongs(op) && !ops.some((o) => o.client_id === op.client_id));
      ops = [...left, ...ops];
      if (ops.length) changed();
      pump();
    },
    hurry() {
      clock.cancel(timer);
      timer = 0;
      pump();
    },
    stop,
    clear() {
      const mine = new Set(ops.map((op) => op.client_id));
      stop();
      store((list) => list.filter((op) => !mine.has(op.client_id)));
    },
  };
};
