import type { Wire } from "@usher/live/socket.ts";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { VisitorChat } from "../protocol.ts";
import { handClock, settled } from "../testing/clock.ts";
import { config, conversation, fakeCore, said } from "../testing/server.ts";
import { createLiveState } from "./live.ts";
import { createTalk } from "./talk.ts";

const chat = (more: Partial<VisitorChat> = {}): VisitorChat => ({
  id: "cht_1",
  revision: 1,
  state: "waiting",
  outcome: null,
  agents: [],
  requested_at: "2026-11-28T15:00:00.000Z",
  answer_by: null,
  ends_at: null,
  can_rate: false,
  rated: null,
  ...more,
});
const withAda = chat({ revision: 2, state: "with_agent", agents: [{ name: "Ada" }] });
const opening = [said(1, "Hello"), said(2, "One moment")];
const view = (more = {}) =>
  conversation({
    state: "engaged",
    messages: opening,
    waiting: { kind: "live_chat", card_id: "live" },
    chat: chat(),
    ...more,
  });

const setup = (first = view()) => {
  const server = fakeCore();
  const { clock, pass } = handClock();
  const hooks = { changed: vi.fn(), spoke: vi.fn(), tell: vi.fn(), gone: vi.fn(), ended: vi.fn() };
  const talk = createTalk(server.core, clock, hooks, { config, conversation: first });
  const sent: { t: string; [name: string]: unknown }[] = [];
  const wires: Wire[] = [];
  const connect = () => {
    const wire: Wire = {
      send: (text) => void sent.push(JSON.parse(text)),
      close: () => undefined,
      onopen: null,
      onmessage: null,
      onclose: null,
    };
    wires.push(wire);
    return wire;
  };
  server.storage.set("token", "tok");
  const live = createLiveState({ core: server.core, clock, talk, changed: () => undefined, connect });
  const says = (frame: object) => wires.at(-1)?.onmessage?.({ data: JSON.stringify(frame) });
  const ready = () => {
    wires.at(-1)?.onopen?.();
    says({ t: "ready", protocol: 1, at: new Date().toISOString() });
  };
  const frame = (t: string, more: object) => says({ t, conversation: "cnv_1", ...more });
  const words = () =>
    talk
      .scene()
      .messages.map((m) => m.text.blocks.flatMap((b) => ("spans" in b ? b.spans : [])).map((s) => s.text)[0]);
  const names = () => server.events.map((one) => one.name);
  talk.open("page");
  return { ...server, ...hooks, talk, live, pass, sent, wires, says, ready, frame, words, names };
};

beforeEach(() => {
  Object.defineProperty(document, "hidden", { value: false, configurable: true });
});

describe("the socket of a conversation with people", () => {
  it("signs in with the visitor's token and resumes from what is held", () => {
    const t = setup();
    t.ready();
    expect(t.sent).toEqual([
      { t: "hello", protocol: 1, token: "tok" },
      { t: "watch", conversation: "cnv_1", after: 2, epoch: 1 },
    ]);
  });

  it("shows what comes at once, without the bot's pauses, and sounds", () => {
    const t = setup();
    t.ready();
    t.spoke.mockClear();
    const items = [said(3, "Good morning", { from: "agent", author: { name: "Ada" } })];
    t.frame("messages", { epoch: 1, after: 2, upto: 3, items });
    expect(t.words()).toEqual(["Hello", "One moment", "Good morning"]);
    expect(t.spoke).toHaveBeenCalledOnce();
  });

  it("reads everything again when a part does not join, and when the server says so", async () => {
    const t = setup();
    t.ready();
    const all = [...opening, said(3, "c", { from: "agent" }), said(4, "d", { from: "agent" })];
    t.on(({ path }) => (path.startsWith("conversations/cnv_1") ? { body: view({ messages: all }) } : {}));
    t.frame("messages", { epoch: 1, after: 3, upto: 4, items: [said(4, "d")] });
    await settled();
    expect(t.words()).toEqual(["Hello", "One moment", "c", "d"]);
    t.sent.length = 0;
    t.frame("resync", {});
    await settled();
    expect(t.paths().at(-1)).toBe("conversations/cnv_1?after=0");
    expect(t.sent).toEqual([{ t: "watch", conversation: "cnv_1", after: 4, epoch: 1 }]);
  });

  it("asks the server again and again while there is no socket", async () => {
    const t = setup();
    t.on(() => ({ body: view() }));
    const before = t.paths().length;
    t.wires[0]?.onclose?.();
    t.pass(4000);
    await settled();
    expect(t.paths().length).toBeGreaterThan(before);
  });

  it("ends with the chat", async () => {
    const t = setup();
    t.ready();
    const over = chat({ revision: 3, state: "ended", outcome: "ended_by_agent", can_rate: true });
    t.on(() => ({ body: view({ state: "completed", waiting: null, chat: over }) }));
    t.frame("chat", { chat: over });
    await settled();
    expect(t.live.scene().chat.state).toBe("ended");
    expect(t.talk.scene().ended).toBe(true);
    t.pass(120_000);
    expect(t.wires).toHaveLength(1);
  });
});

describe("what the visitor sees", () => {
  it("is told how long the wait is at most, by the server's clock", () => {
    const t = setup(view({ chat: chat({ answer_by: new Date(Date.now() + 219_000).toISOString() }) }));
    expect(t.live.scene().minutes).toBe(4);
  });

  it("keeps the newest of what it hears about the chat", () => {
    const t = setup();
    t.ready();
    t.frame("chat", { chat: withAda });
    t.frame("chat", { chat: chat() });
    expect(t.live.scene().chat).toMatchObject({ revision: 2, state: "with_agent" });
  });

  it("sees the agent typing until it stops, or is not heard any more", () => {
    const t = setup(view({ chat: withAda }));
    t.ready();
    t.frame("typing", { who: "agent", name: "Ada", on: true });
    expect(t.live.scene().writer).toBe("Ada");
    t.frame("typing", { who: "agent", name: "Ada", on: false });
    expect(t.live.scene().writer).toBeNull();
    t.frame("typing", { who: "agent", name: "Ada", on: true });
    t.pass(6000);
    expect(t.live.scene().writer).toBeNull();
  });

  it("marks the bubble when an agent writes to a closed panel", () => {
    const t = setup(view({ chat: withAda }));
    t.ready();
    t.talk.leave();
    expect(t.talk.scene().unread).toBe(false);
    t.frame("messages", { epoch: 1, after: 2, upto: 3, items: [said(3, "There?", { from: "agent" })] });
    expect(t.talk.scene().unread).toBe(true);
    t.talk.open("visitor");
    expect(t.talk.scene().unread).toBe(false);
  });
});

describe("what the visitor does", () => {
  it("writes: shown at once, kept while the connection is down, sent once with the same id", async () => {
    const t = setup(view({ chat: withAda }));
    t.ready();
    t.talk.say("Anybody there?");
    expect(t.talk.scene()).toMatchObject({ typing: false, waiting: { kind: "live_chat" } });
    expect(t.talk.scene().pending).toMatchObject([{ echo: { text: "Anybody there?" } }]);
    await settled();
    expect(t.talk.scene().trouble).toBe(true);
    const mine = (id: unknown) =>
      said(3, "Anybody there?", { from: "visitor", kind: "text", client_id: id as string });
    t.on(({ path, body }) => {
      if (!path.endsWith("/messages")) return { body: view({ messages: opening }) };
      t.frame("messages", { epoch: 1, after: 2, upto: 3, items: [mine(body.client_id)] });
      return { body: { seq: 3, at: "2026-11-28T15:00:00.000Z" } };
    });
    t.talk.online();
    await settled();
    const ids = t.calls.filter((c) => c.path.endsWith("/messages")).map((c) => c.body.client_id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
    expect(t.talk.scene()).toMatchObject({ trouble: false, pending: [] });
    expect(t.words()).toEqual(["Hello", "One moment", "Anybody there?"]);
  });

  it("types and reads, told sparingly", () => {
    const t = setup(view({ chat: withAda }));
    t.ready();
    t.sent.length = 0;
    t.live.typed(true);
    t.live.typed(true);
    t.pass(3000);
    t.live.typed(true);
    t.live.typed(false);
    t.live.typed(false);
    expect(t.sent.map((one) => one.on)).toEqual([true, true, false]);
    t.sent.length = 0;
    t.live.seen();
    t.live.seen();
    expect(t.sent).toEqual([{ t: "read", conversation: "cnv_1", seq: 2 }]);
  });

  it("stops waiting, or ends the chat", async () => {
    const t = setup();
    t.live.finish();
    t.talk.adopt(view({ chat: withAda }), 0);
    t.live.finish();
    await settled();
    const asked = t.paths().filter((path) => path.includes("/chat/"));
    expect(asked).toEqual(["conversations/cnv_1/chat/cancel", "conversations/cnv_1/chat/end"]);
  });

  it("rates, and has the transcript sent; a refusal is said", async () => {
    const over = chat({ revision: 5, state: "ended", outcome: "ended_by_agent", can_rate: true });
    const t = setup(view({ state: "completed", waiting: null, chat: over }));
    t.on(({ path }) =>
      path.endsWith("/rating")
        ? { body: { ...over, revision: 6, can_rate: false, rated: 4 } }
        : path.endsWith("/transcript")
          ? { status: 422 }
          : { body: view({ chat: over }) },
    );
    t.live.rate(4, "Kind");
    await settled();
    expect(t.calls.find((c) => c.path.endsWith("/rating"))?.body).toEqual({ rating: 4, comment: "Kind" });
    expect(t.live.scene()).toMatchObject({ rating: "done", chat: { rated: 4 } });
    t.live.mail("me@example.com");
    await settled();
    expect(t.live.scene()).toMatchObject({ mailing: "failed", mailedTo: "me@example.com" });
  });
});

describe("what the page is told", () => {
  it("is the way of a chat, each step once", () => {
    const t = setup(view({ chat: withAda }));
    t.ready();
    const next = chat({ id: "cht_2", revision: 1 });
    t.talk.adopt(view({ chat: next }), 0);
    t.live.scene();
    t.frame("chat", { chat: { ...next, revision: 2, state: "with_agent", agents: [{ name: "Ada" }] } });
    t.live.scene();
    t.live.scene();
    t.frame("chat", { chat: { ...next, revision: 3, state: "ended", outcome: "ended_by_agent" } });
    t.live.scene();
    expect(t.names()).toEqual(["live_chat_requested", "live_chat_initiated", "live_chat_ended"]);
  });

  it("is a time-out when nobody came", () => {
    const t = setup();
    t.frame("chat", { chat: chat({ revision: 2, state: "ended", outcome: "missed" }) });
    t.live.scene();
    expect(t.names()).toEqual(["live_chat_timeout"]);
  });
});
