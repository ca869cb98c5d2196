import type { Log } from "@usher/live/log.ts";
import type { ConversationView, Input, Message, Waiting } from "../protocol.ts";

import type { Echo, Op, Outbox } from "./outbox.ts";

/** An answer that the server refused: what was given, and the code of each field's fault. */
export type Rejected = { card_id: string; input: Input; errors: Record<string, string> };

/** Everything that the pictures need to know, at one moment. */
export type Scene = {
  open: boolean;
  /** The visitor has not opened what is waiting. */
  unread: boolean;
  messages: Message[];
  /** Answers that are not at the server yet. */
  pending: Extract<Op, { echo: Echo }>[];
  typing: boolean;
  waiting: Waiting | null;
  rejected: Rejected | null;
  ended: boolean;
  allowBack: boolean;
  allowRestart: boolean;
  /** The connection is down; what is pending will be sent. */
  trouble: boolean;
  notice: "moved_on" | "failed" | null;
  /** Nothing of it is recorded, and only who has the link sees it. */
  preview: boolean;
};

type Parts = {
  about: Pick<ConversationView, "state" | "allow_back" | "allow_restart">;
  waiting: Waiting | null;
  log: Log<Message>;
  open: boolean;
  /** An agent has written since it was last open. */
  news: boolean;
  rejected: Rejected | null;
  notice: Scene["notice"];
  preview: boolean;
  shown: number;
  typing: boolean;
  outbox: Pick<Outbox, "ops" | "failures">;
};

export const createScene = (p: Parts): Scene => {
  const sent = new Set(p.log.messages.map((m) => m.client_id));
  const ops = p.outbox.ops();
  const pending = ops.filter(
    (op): op is Extract<Op, { echo: Echo }> => "echo" in op && !sent.has(op.client_id),
  );
  const messages = p.log.messages.filter((m) => !m.superseded && (m.seq <= p.shown || m.from === "visitor"));
  const rewinding = ops.some((op) => op.kind === "back" || op.kind === "restart");
  const trouble = p.outbox.failures() > 0;
  const busy = pending.some((op) => op.kind === "input") || rewinding;
  const ended = p.about.state === "completed";
  // While people talk nothing is taken back.
  const settled = !busy && p.waiting?.kind !== "live_chat";
  const told = !p.log.messages.some((m) => m.seq > p.shown && !m.superseded);
  return {
    open: p.open,
    unread: !p.open && (p.news || p.about.state === "triggered"),
    messages,
    pending,
    typing: p.typing || (busy && !trouble),
    waiting: busy || !told || p.typing ? null : p.waiting,
    rejected: busy ? null : p.rejected,
    ended: ended && told && !busy,
    allowBack: p.about.allow_back && !ended && settled,
    allowRestart: p.about.allow_restart && settled && messages.some((m) => m.from === "visitor"),
    trouble,
    notice: p.notice,
    preview: p.preview,
  };
};
