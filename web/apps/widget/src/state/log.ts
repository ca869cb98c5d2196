import type { ConversationView, Message } from "../protocol.ts";

/** What this tab holds of a conversation's messages. */
export type Log = {
  epoch: number;
  /** Highest number up to which nothing is missing (design rule R4). */
  cursor: number;
  /** In order of `seq`, each once. */
  messages: Message[];
};

export const emptyLog: Log = { epoch: -1, cursor: 0, messages: [] };

/**
 * Adds an answer that holds everything after `after`.
 * `"stale"`: it is older than what is held, nothing of it is news.
 * `"gap"`: it cannot be joined without a hole, everything must be fetched again.
 */
export const merge = (log: Log, view: ConversationView, after: number): Log | "stale" | "gap" => {
  if (view.epoch < log.epoch) return "stale";
  // Another epoch changed earlier messages too, so only a whole answer will do.
  if (after > log.cursor || (view.epoch > log.epoch && after > 0)) return "gap";
  if (view.epoch === log.epoch && view.last_seq < log.cursor) return "stale";
  if (after === 0) return { epoch: view.epoch, cursor: view.last_seq, messages: ordered(view.messages) };
  const held = new Set(log.messages.map((m) => m.seq));
  const fresh = view.messages.filter((m) => !held.has(m.seq));
  return {
    epoch: log.epoch,
    cursor: view.last_seq,
    messages: fresh.length ? ordered([...log.messages, ...fresh]) : log.messages,
  };
};

const ordered = (messages: Message[]) => [...messages].sort((a, b) => a.seq - b.seq);
