/** A message, as far as its place in a conversation goes. */
export type Numbered = {
  seq: number;
  kind: string;
  text: unknown;
  at: string;
  /** Only on `changed`: the number of the message that reads like this now. */
  changes?: number | null;
  edited_at?: string | null;
  deleted?: boolean;
};

/** What this tab holds of a conversation's messages. */
export type Log<M extends Numbered> = {
  epoch: number;
  /** Highest number up to which nothing is missing (design rule R4). */
  cursor: number;
  /** In order of `seq`, each once. */
  messages: M[];
};

/** Messages of a conversation up to a number. */
export type Part<M extends Numbered> = { epoch: number; last_seq: number; messages: M[] };

export const emptyLog: Log<never> = { epoch: -1, cursor: 0, messages: [] };

/**
 * Adds an answer that holds everything after `after`.
 * `"stale"`: it is older than what is held, nothing of it is news.
 * `"gap"`: it cannot be joined without a hole, everything must be fetched again.
 */
export const merge = <M extends Numbered>(
  log: Log<M>,
  { epoch, last_seq: cursor, messages }: Part<M>,
  after: number,
): Log<M> | "stale" | "gap" => {
  if (epoch < log.epoch) return "stale";
  // Another epoch changed earlier messages too, so only a whole answer will do.
  if (after > log.cursor || (epoch > log.epoch && after > 0)) return "gap";
  if (epoch === log.epoch && cursor < log.cursor) return "stale";
  if (after === 0) return { epoch, cursor, messages: ordered(messages) };
  // Not what is below the own number already: an earlier answer brought it, with later changes worked in.
  const fresh = messages.filter((m) => m.seq > log.cursor);
  return {
    epoch,
    cursor,
    messages: fresh.length ? ordered([...log.messages, ...fresh]) : log.messages,
  };
};

/** In order, and what was changed as it reads now. */
const ordered = <M extends Numbered>(messages: M[]): M[] => {
  const sorted = [...messages].sort((a, b) => a.seq - b.seq);
  const latest = new Map(sorted.flatMap((m) => (m.kind === "changed" ? [[m.changes, m] as const] : [])));
  if (!latest.size) return sorted;
  return sorted.flatMap((m) => {
    const change = latest.get(m.seq);
    if (m.kind === "changed") return [];
    return change
      ? [{ ...m, text: change.text, deleted: change.deleted, edited_at: change.edited_at ?? change.at }]
      : [m];
  });
};
