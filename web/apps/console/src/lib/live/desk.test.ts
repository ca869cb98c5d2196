import { QueryClient } from "@tanstack/react-query";
import type { ChatView, LiveMe, Message, Offer } from "@usher/api";
import type { Wire } from "@usher/live/socket.ts";
import { afterEach, beforeEach, expect, it, type MockInstance, vi } from "vitest";
import { api } from "#lib/api/client.ts";
import { LiveDesk } from "./desk.ts";
import { chatQuery, liveMeQuery } from "./queries.ts";

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
const part = (...seqs: number[]) => ({
  items: seqs.map((seq) => said(seq)),
  upto: seqs.at(-1) ?? 0,
  epoch: 1,
});
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

let wire: Wire;
let sent: { t: string }[];
let queries: QueryClient;
let desk: LiveDesk;
let stop: () => void;
let get: MockInstance<typeof api.get>;

const says = (frame: object) => wire.onmessage?.({ data: JSON.stringify(frame) });
const frame = (t: string, more: object) => says({ t, conversation: "cnv_1", ...more });
const seqs = () => desk.thread("cnv_1").log.messages.map((one) => one.seq);

/** A desk that is connected and follows a chat of which it has read two messages. */
const following = async () => {
  says({ t: "ready", protocol: 1, at: new Date().toISOString() });
  get.mockResolvedValueOnce(part(1, 2));
  const leave = desk.follow("cht_1", "cnv_1");
  await settled();
  return leave;
};

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  queries = new QueryClient();
  get = vi.spyOn(api, "get");
  desk = new LiveDesk(queries, () => {
    wire = {
      send: (text) => void sent.push(JSON.parse(text)),
      close: () => undefined,
      onopen: null,
      onmessage: null,
      onclose: null,
    };
    return wire;
  });
  stop = desk.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

it("reads a chat, then watches it from there; leaving ends that", async () => {
  const leave = await following();
  expect(get.mock.calls[0]).toEqual(["/chats/cht_1/messages", { query: { after: 0 } }]);
  expect(sent.at(-1)).toEqual({ t: "watch", conversation: "cnv_1", after: 2, epoch: 1 });
  leave();
  expect(sent.at(-1)).toEqual({ t: "unwatch", conversation: "cnv_1" });
});

it("adds what comes, and fetches what lies between when a part does not join", async () => {
  await following();
  frame("messages", { epoch: 1, after: 2, upto: 3, items: [said(3)] });
  expect(seqs()).toEqual([1, 2, 3]);
  get.mockResolvedValueOnce(part(4, 5, 6));
  frame("messages", { epoch: 1, after: 5, upto: 6, items: [said(6)] });
  await settled();
  expect(get.mock.calls.at(-1)).toEqual(["/chats/cht_1/messages", { query: { after: 3 } }]);
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(sent.at(-1)).toMatchObject({ t: "watch", after: 6 });
});

it("reads everything again when the server says so", async () => {
  await following();
  get.mockResolvedValueOnce({ ...part(1, 2, 3), epoch: 2 });
  frame("resync", {});
  await settled();
  expect(get.mock.calls.at(-1)).toEqual(["/chats/cht_1/messages", { query: { after: 0 } }]);
  expect(sent.at(-1)).toMatchObject({ t: "watch", after: 3, epoch: 2 });
});

it("asks by itself while there is no socket", async () => {
  await following();
  wire.onclose?.();
  expect(desk.standing().connected).toBe(false);
  get.mockResolvedValue(part(3));
  await vi.advanceTimersByTimeAsync(4000);
  expect(seqs()).toEqual([1, 2, 3]);
});

it("forgets who types when nothing more is heard", async () => {
  await following();
  frame("typing", { who: "visitor", on: true });
  frame("typing", { who: "agent", name: "Sanne", on: true });
  expect(desk.thread("cnv_1")).toMatchObject({ typing: true, writers: ["Sanne"] });
  await vi.advanceTimersByTimeAsync(6000);
  expect(desk.thread("cnv_1")).toMatchObject({ typing: false, writers: [] });
});

it("tells its own typing sparingly", async () => {
  await following();
  sent.length = 0;
  desk.typed("cnv_1", true);
  desk.typed("cnv_1", true);
  await vi.advanceTimersByTimeAsync(3000);
  desk.typed("cnv_1", true);
  desk.typed("cnv_1", false);
  desk.typed("cnv_1", false);
  expect(sent.map((one) => (one as { on?: boolean }).on)).toEqual([true, true, false]);
});

it("keeps the newest of what it hears about a chat", async () => {
  await following();
  const chat = (revision: number) => ({ id: "cht_1", revision, visitor_read: 2 }) as ChatView;
  frame("chat", { chat: chat(3) });
  frame("chat", { chat: chat(2) });
  expect(queries.getQueryData(chatQuery("cht_1").queryKey)?.revision).toBe(3);
});

it("holds the offers as the server tells them", () => {
  const offer = (chat_id: string, answer_by: string) => ({ chat_id, answer_by }) as Offer;
  queries.setQueryData(liveMeQuery.queryKey, { offers: [] as Offer[] } as LiveMe);
  says({ t: "offer", offer: offer("cht_2", "2026-11-28T15:02:00.000Z") });
  says({ t: "offer", offer: offer("cht_1", "2026-11-28T15:01:00.000Z") });
  const ids = () => queries.getQueryData(liveMeQuery.queryKey)?.offers.map((one) => one.chat_id);
  expect(ids()).toEqual(["cht_1", "cht_2"]);
  says({ t: "offer_gone", chat_id: "cht_1", reason: "missed" });
  expect(ids()).toEqual(["cht_2"]);
});
