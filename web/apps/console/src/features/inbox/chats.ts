/** What screens say about chats; no pictures. */
import type { AgentState, ChatOutcome, ChatRow, Message } from "@usher/api";

export const OUTCOME_WORDS: Record<ChatOutcome, string> = {
  ended_by_agent: "Ended by the agent",
  ended_by_visitor: "Ended by the visitor",
  timed_out: "Timed out",
  missed: "Missed",
  nobody: "Nobody was there",
  cancelled: "Given up by the visitor",
};

/** Where a chat stands, in a word or two. */
export function standing(chat: Pick<ChatRow, "state" | "outcome" | "agent">): string {
  if (chat.state === "ended") return chat.outcome ? OUTCOME_WORDS[chat.outcome] : "Ended";
  if (chat.state === "with_agent") return chat.agent ? `With ${chat.agent.name}` : "With an agent";
  return chat.state === "offered" ? "Offered" : "Waiting";
}

export function isMine(chat: Pick<ChatRow, "agents" | "state">, me: string): boolean {
  return chat.state !== "ended" && chat.agents.some((one) => one.id === me);
}

const lastAt = (chat: ChatRow) => chat.last_message?.at ?? chat.requested_at;

/**
 * What needs one first: open before ended, own chats before others', those with something unread before the rest, and
 * within each the latest word first.
 */
export function inOrder(rows: readonly ChatRow[], me: string): ChatRow[] {
  const rank = (one: ChatRow) => {
    if (one.state === "ended") return 3;
    if (!isMine(one, me)) return 2;
    return one.unread > 0 ? 0 : 1;
  };
  return [...rows].sort((a, b) => rank(a) - rank(b) || lastAt(b).localeCompare(lastAt(a)));
}

/** Highest number of what the visitor has said. */
export function lastOfVisitor(messages: readonly Message[]): number {
  return messages.findLast((one) => one.from === "visitor")?.seq ?? 0;
}

/** Nobody answers blind: there is something of the visitor that was not on the screen yet. */
export function isBlind(messages: readonly Message[], seen: number): boolean {
  return lastOfVisitor(messages) > seen;
}

const EDIT_MS = 5 * 60_000;

/** What can be sent, for the dialog that chooses files; the server looks at the content. */
export const FILE_TYPES = "image/png,image/jpeg,image/gif,image/webp,application/pdf";

/** Its author may still change it or take it back. A file can only be taken back. */
export function isChangeable(message: Message, me: string, now: number): boolean {
  return (
    message.from === "agent" &&
    message.author?.id === me &&
    !message.deleted &&
    ["text", "note", "attachment"].includes(message.kind) &&
    now - Date.parse(message.at) < EDIT_MS
  );
}

export const BECAUSE_WORDS: Record<string, string> = {
  free: "Free",
  at_limit: "At the limit",
  not_connected: "Not connected",
  switch: "Switched to unavailable",
  schedule: "Outside the hours",
  no_hours: "No hours set",
};

/** An agent's state as one word and its colour. */
export function agentStanding(agent: AgentState): { label: string; color: string } {
  const color = agent.because === "free" ? "green" : agent.because === "at_limit" ? "yellow" : "gray";
  return { label: BECAUSE_WORDS[agent.because] ?? agent.because, color };
}
