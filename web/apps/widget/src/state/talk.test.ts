import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Core } from "../loader/core.ts";
import { handClock, settled } from "../testing/clock.ts";
import { config, conversation, fakeCore, question, said } from "../testing/server.ts";
import { createTalk, type Source } from "./talk.ts";

const answered = (clientId: string, more = {}) =>
  conversation({
    state: "engaged",
    messages: [
      ...conversation().messages,
      said(3, "Yes", {
        from: "visitor",
        kind: "answer",
        client_id: clientId,
        answer: { card_id: "q", response_id: "yes" },
      }),
      said(4, "Good."),
    ],
    waiting: { ...question, card_id: "q2" },
    ...more,
  });

/** A dialogue that was resolved and has not begun. */
const fresh = (core: Core): Source => ({
  config,
  conversation: conversation({ id: null, epoch: -1, last_seq: 0 }),
  begin: () => core.call("conversations", {}),
});

const setup = (server = fakeCore(), source: (core: Core) => Source = fresh) => {
  const { clock, pass } = handClock();
  const hooks = { changed: vi.fn(), spoke: vi.fn(), tell: vi.fn(), gone: vi.fn(), ended: vi.fn() };
  const talk = createTalk(server.core, clock, hooks, source(server.core));
  const words = () =>
    talk
      .scene()
      .messages.map((m) => m.text.blocks.flatMap((b) => ("spans" in b ? b.spans : [])).map((s) => s.text)[0]);
  return { ...server, ...hooks, talk, pass, words };
};
type Setup = ReturnType<typeof setup>;

/** Opens a fresh dialogue and lets its opening be spoken. */
const opened = async (t: Setup) => {
  t.on(({ path }) => {
    if (path === "conversations") return { body: { visitor_token: "tok", conversation: conversation() } };
    return { status: 0 };
  });
  t.talk.open("visitor");
  await settled();
  t.pass(1000);
};
const yes = (t: Setup) => t.talk.answer({ kind: "response", response_id: "yes" }, { text: "Yes" });

beforeEach(() => {
  history.replaceState({}, "", "/here");
});

describe("opening", () => {
  it("begins the conversation when the visitor clicks, and speaks the opening in turn", async () => {
    const t = setup();
    t.on(({ path }) =>
      path === "conversations"
        ? { body: { visitor_token: "tok", conversation: conversation() } }
        : { body: { conversation: null } },
    );
    t.talk.open("visitor");
    expect(t.words()).toEqual(["Hello"]);
    expect(t.talk.scene()).toMatchObject({ typing: true, waiting: null, unread: false });
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?"]);
    expect(t.talk.scene().waiting).toEqual(question);
    await settled();
    expect(t.storage.get("token")).toBe("tok");
  });

  it("by the page tells the server nothing until the visitor does something", async () => {
    const t = setup();
    await opened(t);
    const u = setup();
    u.on(() => ({ body: { conversation: null } }));
    u.talk.open("page");
    await settled();
    expect(u.paths()).toEqual([]);
    u.pass(1000);
    yes(u);
    await settled();
    expect(u.paths()[0]).toBe("conversations");
  });
});

describe("answering", () => {
  it("shows the answer at once and goes on when the server has it", async () => {
    const t = setup();
    await opened(t);
    t.on(({ body }) => ({ body: answered(body.client_id as string) }));
    yes(t);
    expect(t.talk.scene()).toMatchObject({
      pending: [{ echo: { text: "Yes" } }],
      waiting: null,
      typing: true,
    });
    await settled();
    expect(t.calls.at(-1)).toMatchObject({
      path: "conversations/cnv_1/input",
      body: { card_id: "q", after: 0, input: { kind: "response", response_id: "yes" } },
    });
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
    expect(t.talk.scene()).toMatchObject({ pending: [], waiting: { card_id: "q2" }, allowBack: true });
    expect(t.tell).toHaveBeenLastCalledWith(expect.objectContaining({ id: "cnv_1", last_seq: 4, epoch: 1 }));
  });

  it("is queued while the connection is down and sent once, with the same key", async () => {
    const t = setup();
    await opened(t);
    yes(t);
    await settled();
    expect(t.talk.scene()).toMatchObject({
      trouble: true,
      typing: false,
      pending: [{ echo: { text: "Yes" } }],
    });
    t.pass(2000);
    await settled();
    t.on(({ body }) => ({ body: answered(body.client_id as string) }));
    t.talk.online();
    await settled();
    const keys = t.calls.filter((c) => c.path.endsWith("/input")).map((c) => c.body.client_id);
    expect(keys.length).toBeGreaterThan(2);
    expect(new Set(keys).size).toBe(1);
    expect(t.talk.scene()).toMatchObject({ trouble: false, pending: [] });
  });

  it("is engaged once and completed once, whatever comes", async () => {
    const t = setup();
    await opened(t);
    t.events.length = 0;
    t.on(({ body }) => ({ body: answered(body.client_id as string, { state: "completed", waiting: null }) }));
    yes(t);
    await settled();
    t.talk.hint(9, 1);
    await settled();
    expect(t.events.map((e) => e.name)).toEqual(["conversation_engaged", "conversation_completed"]);
    t.pass(1000);
    expect(t.talk.scene()).toMatchObject({ ended: true, allowBack: false });
  });

  it("announces an e-mail address only when the server has taken it", async () => {
    const t = setup();
    await opened(t);
    const info = {
      kind: "info" as const,
      card_id: "i",
      skippable: false,
      fields: [{ id: "mail", type: "email" as const, label: "E-mail" }],
    };
    t.on(({ body }) => ({ body: answered(body.client_id as string, { waiting: info }) }));
    yes(t);
    await settled();
    t.pass(1000);
    t.on(() => ({
      status: 422,
      body: { errors: [{ field: "/input/values/mail", code: "email_refused" }] },
    }));
    t.events.length = 0;
    t.talk.answer({ kind: "values", values: { mail: "ada@free.example" } }, {});
    await settled();
    expect(t.events).toEqual([]);
    expect(t.talk.scene()).toMatchObject({
      waiting: { card_id: "i" },
      rejected: {
        card_id: "i",
        errors: { mail: "email_refused" },
        input: { values: { mail: "ada@free.example" } },
      },
    });
    t.on(({ body }) => ({ body: answered(body.client_id as string, { messages: [said(5, "Thanks")] }) }));
    t.talk.answer({ kind: "values", values: { mail: "ada@work.example" } }, {});
    await settled();
    expect(t.events.map((e) => e.name)).toEqual(["input_email"]);
    expect(t.talk.scene().rejected).toBeNull();
  });

  it("takes the server's word when another tab was quicker", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ status: 409, body: { current: answered("other-tab") } }));
    yes(t);
    await settled();
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
    expect(t.talk.scene()).toMatchObject({ notice: "moved_on", pending: [], waiting: { card_id: "q2" } });
  });

  it.each([
    ["was dropped meanwhile", 409, { current: conversation({ state: "dropped", waiting: null }) }],
    ["is not there any more", 404, { title: "Not found" }],
    ["is nobody's to see", 403, { title: "Forbidden" }],
  ])("is over when the conversation %s", async (_, status, body) => {
    const t = setup();
    await opened(t);
    t.on(() => ({ status, body }));
    yes(t);
    await settled();
    expect(t.gone).toHaveBeenCalledOnce();
    expect(t.storage.has("outbox")).toBe(false);
  });
});

describe("going back", () => {
  it("rewinds: what came after is gone from the screen, the card waits again", async () => {
    const t = setup();
    await opened(t);
    t.on(({ body }) => ({ body: answered(body.client_id as string) }));
    yes(t);
    await settled();
    t.pass(1000);
    t.on(() => ({
      body: conversation({
        state: "engaged",
        epoch: 2,
        messages: [
          said(1, "Hello"),
          said(2, "Ready?", { superseded: true }),
          said(3, "Yes", { from: "visitor", superseded: true }),
          said(4, "Good.", { superseded: true }),
          said(5, "Ready?", { kind: "question", card_id: "q" }),
        ],
      }),
    }));
    t.talk.back("q");
    expect(t.talk.scene()).toMatchObject({ waiting: null, allowBack: false });
    await settled();
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?"]);
    expect(t.talk.scene().waiting).toEqual(question);
  });

  it("in another tab makes this one fetch everything", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ body: conversation({ epoch: 2, messages: [said(7, "From the top")] }) }));
    t.talk.hint(7, 2);
    await settled();
    // The first answer is of another epoch and not whole, so the second asks from the beginning.
    expect(t.calls.slice(-2).map((c) => c.path)).toEqual([
      "conversations/cnv_1?after=2",
      "conversations/cnv_1?after=0",
    ]);
    t.pass(1000);
    expect(t.words()).toEqual(["From the top"]);
  });
});

describe("across pages and tabs", () => {
  const engaged = () =>
    conversation({
      state: "engaged",
      messages: answered("id-9").messages,
      waiting: { ...question, card_id: "q2" },
    });

  it("goes on at the same message, without speaking it again", () => {
    const t = setup(fakeCore(), () => ({ config, conversation: engaged() }));
    t.talk.open("page");
    expect(t.talk.scene()).toMatchObject({ typing: false, waiting: { card_id: "q2" } });
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
    expect(t.spoke).not.toHaveBeenCalled();
    expect(t.events).toEqual([]);
  });

  it("says once that the visitor has closed it, and tells the server", async () => {
    const t = setup();
    await opened(t);
    t.talk.close();
    t.talk.close();
    await settled();
    expect(t.events.map((e) => e.name)).toEqual(["conversation_closed"]);
    expect(t.paths().at(-1)).toBe("conversations/cnv_1/close");
  });

  it("sends on the next page what could not be sent on the last, with the same key", async () => {
    const server = fakeCore();
    const t = setup(server);
    await opened(t);
    yes(t);
    await settled();
    const key = t.calls.at(-1)?.body.client_id;
    t.talk.stop();
    const next = setup(server, () => ({ config, conversation: conversation({ state: "engaged" }) }));
    next.on(({ body }) => ({ body: answered(body.client_id as string) }));
    next.talk.resume();
    await settled();
    expect(next.calls.at(-1)).toMatchObject({ path: "conversations/cnv_1/input", body: { client_id: key } });
    expect(next.storage.has("outbox")).toBe(false);
  });

  it("keeps what is unsent when it is left while its last attempt is under way", async () => {
    const t = setup();
    await opened(t);
    yes(t);
    t.talk.stop();
    await settled();
    expect(JSON.parse(t.storage.get("outbox") ?? "[]")).toHaveLength(1);
  });

  it("stores nothing of it where storing is not allowed", async () => {
    const t = setup();
    t.core.stored = false;
    await opened(t);
    t.storage.clear();
    yes(t);
    await settled();
    expect([...t.storage.keys()]).toEqual([]);
  });

  it("fetches what another tab has got further", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ body: answered("other") }));
    t.talk.hint(2, 1);
    await settled();
    expect(t.paths().some((p) => p.includes("?after="))).toBe(false);
    t.talk.hint(4, 1);
    await settled();
    expect(t.paths().at(-1)).toBe("conversations/cnv_1?after=2");
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
  });
});

describe("a conversation of which nothing is recorded", () => {
  const sealed = (n: number, more = {}) => ({
    state: `sealed-${n}`,
    conversation: answered(`id-${n}`, { id: null, ...more }),
  });
  const unrecorded = () => ({ config, conversation: conversation({ id: null }), sealed: "sealed-0" });

  it("sends along where it stands, turn by turn, and leaves nothing in the browser", async () => {
    const t = setup(fakeCore(), unrecorded);
    t.talk.open("visitor");
    t.pass(1000);
    t.on(() => ({ body: sealed(1) }));
    yes(t);
    await settled();
    expect(t.calls.at(-1)).toMatchObject({
      path: "unrecorded",
      body: {
        state: "sealed-0",
        did: { answer: { card_id: "q", input: { kind: "response", response_id: "yes" } } },
      },
    });
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
    t.on(() => ({ body: sealed(2, { epoch: 2, messages: [said(1, "Hello")], last_seq: 1 }) }));
    t.talk.back("q");
    await settled();
    expect(t.calls.at(-1)).toMatchObject({
      path: "unrecorded",
      body: { state: "sealed-1", did: { back: { card_id: "q" } } },
    });
    t.talk.close();
    await settled();
    expect(t.paths()).toEqual(["unrecorded", "unrecorded"]);
    expect(t.events.map((e) => [e.name, e.sid])).toEqual([
      ["conversation_engaged", null],
      ["conversation_closed", null],
    ]);
  });

  it("is over when the server does not know where it stands any more", async () => {
    const t = setup(fakeCore(), unrecorded);
    t.talk.open("visitor");
    t.pass(1000);
    t.on(() => ({ status: 422, body: { errors: [{ field: "/state", code: "unknown" }] } }));
    yes(t);
    await settled();
    expect(t.gone).toHaveBeenCalledOnce();
  });
});

describe("a flow that waits for the first click", () => {
  it("begins with the first answer, and goes on as the conversation that comes of it", async () => {
    const server = fakeCore();
    const begin = () => server.core.call<never>("flows/start", { clicked: true });
    const t = setup(server, () => ({
      config,
      conversation: conversation({ id: null, kind: "flow" }),
      begin,
    }));
    t.talk.open("page");
    t.pass(1000);
    t.on(({ path, body }) =>
      path === "flows/start"
        ? {
            body: {
              visitor_token: "tok",
              how: "recorded",
              state: null,
              conversation: conversation({ kind: "flow" }),
            },
          }
        : { body: answered(body.client_id as string, { kind: "flow" }) },
    );
    yes(t);
    await settled();
    expect(t.paths()).toEqual(["flows/start", "conversations/cnv_1/input"]);
    expect(t.storage.get("token")).toBe("tok");
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
  });
});

it("takes a refused free text back to the composer", async () => {
  const t = setup();
  await opened(t);
  t.on(() => ({ status: 422, body: { errors: [{ field: "/input/text", code: "too_long" }] } }));
  t.talk.answer({ kind: "text", text: "long" }, { text: "long" });
  await settled();
  expect(t.talk.scene().rejected).toMatchObject({ input: { text: "long" }, errors: { text: "too_long" } });
});
