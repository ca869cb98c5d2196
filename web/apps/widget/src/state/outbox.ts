import { backoff } from "../loader/backoff.ts";
import type { EventName } from "../loader/core.ts";
import type { Input } from "../protocol.ts";
import type { Clock } from "./clock.ts";

/** How a visitor's answer looks before the server has it. */
export type Echo = { text?: string; values?: { label: string; value: string }[] };

/** Something the visitor did that the server must learn, once and in order. */
export type Op = {
  /** Idempotency key: the same one at every attempt, also after a reload. */
  client_id: string;
  /** The dialogue and, once known, the conversation that it belongs to. */
  dialogue: string;
  conversation: string | null;
} & (
  | { kind: "start" | "restart" | "close" }
  | { kind: "back"; card_id: string }
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
  /** Takes over what an earlier page left unsent and still belongs here; the rest is dropped. */
  resume(belongs: (op: Op) => boolean): void;
  /** The connection may be back: try at once. */
  hurry(): void;
  clear(): void;
};

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
      return Array.isArray(list) ? list.filter((op) => op?.client_id && op.kind) : [];
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
      const left = stored().filter((op) => !ops.some((o) => o.client_id === op.client_id));
      store((list) => list.filter(belongs));
      ops = [...left.filter(belongs), ...ops];
      if (ops.length) changed();
      pump();
    },
    hurry() {
      clock.cancel(timer);
      timer = 0;
      pump();
    },
    clear() {
      clock.cancel(timer);
      timer = failures = 0;
      ops = [];
      store(() => []);
    },
  };
};
