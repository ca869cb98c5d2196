import type { ChatRow, Message } from "@usher/api";
import { expect, it } from "vitest";
import { inOrder, isBlind, isChangeable, standing } from "./chats.ts";

const ME = "usr_me";
const row = (id: string, minute: number, more: Partial<ChatRow> = {}): ChatRow => ({
  id,
  conversation_id: `cnv_${id}`,
  site_id: "sit_1",
  site_name: "Site",
  dialogue_id: "dlg_1",
  dialogue_name: "Welcome",
  person: { id: "per_1", name: null, email: null, company: null },
  state: "with_agent",
  outcome: null,
  agent: { id: ME, name: "Me", email: null },
  agents: [{ id: ME, name: "Me", role: "owner" }],
  requested_at: "2026-11-28T14:00:00.000Z",
  accepted_at: null,
  ended_at: null,
  last_message: {
    from: "visitor",
    text: "Hello",
    at: `2026-11-28T15:${String(minute).padStart(2, "0")}:00.000Z`,
  },
  unread: 0,
  visitor_online: true,
  rating: null,
  score: null,
  revision: 1,
  ...more,
});
const other = [{ id: "usr_other", name: "Other", role: "owner" as const }];
const said = (seq: number, more: Partial<Message> = {}): Message => ({
  seq,
  from: "visitor",
  kind: "text",
  card_id: null,
  text: { blocks: [] },
  superseded: false,
  at: "2026-11-28T15:00:00.000Z",
  ...more,
});

it("puts first what needs me: my unread, mine, others', what is over", () => {
  const rows = [
    row("over", 50, { state: "ended", outcome: "timed_out" }),
    row("others", 40, { agents: other, unread: 3 }),
    row("mine", 30),
    row("mine-earlier", 20),
    row("unread", 10, { unread: 1 }),
  ];
  expect(inOrder(rows, ME).map((one) => one.id)).toEqual([
    "unread",
    "mine",
    "mine-earlier",
    "others",
    "over",
  ]);
});

it("says where a chat stands", () => {
  expect(standing(row("a", 1))).toBe("With Me");
  expect(standing(row("a", 1, { state: "offered" }))).toBe("Offered");
  expect(standing(row("a", 1, { state: "ended", outcome: "timed_out" }))).toBe("Timed out");
});

it("knows when an answer would be blind: only the visitor's words count", () => {
  const messages = [said(1), said(2, { from: "agent" }), said(3), said(4, { from: "agent", kind: "note" })];
  expect(isBlind(messages, 2)).toBe(true);
  expect(isBlind(messages, 3)).toBe(false);
  expect(isBlind([], 0)).toBe(false);
});

it("lets an author change words for five minutes, and nobody else", () => {
  const at = Date.parse("2026-11-28T15:00:00.000Z");
  const own = said(1, { from: "agent", author: { id: ME, name: "Me" } });
  expect(isChangeable(own, ME, at + 299_000)).toBe(true);
  expect(isChangeable(own, ME, at + 300_000)).toBe(false);
  expect(isChangeable(own, "usr_other", at)).toBe(false);
  expect(isChangeable({ ...own, deleted: true }, ME, at)).toBe(false);
  expect(isChangeable({ ...own, kind: "notice" }, ME, at)).toBe(false);
});
