import { beforeEach, describe, expect, it, vi } from "vitest";
import { handClock, settled } from "../testing/clock.ts";
import { conversation, dialogue, fakeCore, page, question, said } from "../testing/server.ts";
import { createChat } from "./chat.ts";

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

const setup = (server = fakeCore()) => {
  const { clock, pass } = handClock();
  const tell = vi.fn();
  const chat = createChat(server.core, clock, { changed: vi.fn(), spoke: vi.fn(), tell });
  const words = () =>
    chat
      .scene()
      .messages.map((m) => m.text.blocks.flatMap((b) => ("spans" in b ? b.spans : [])).map((s) => s.text)[0]);
  return { ...server, chat, pass, tell, words };
};
type Chat = ReturnType<typeof setup>;

/** Opens a fresh dialogue and lets its opening be spoken. */
const opened = async (t: Chat) => {
  t.on(({ path }) => {
    if (path === "conversations") return { body: { visitor_token: "tok", conversation: conversation() } };
    return { status: 0 };
  });
  t.chat.update(page(dialogue()), true);
  await settled();
  t.chat.open("visitor");
  await settled();
  t.pass(1000);
};
const yes = (t: Chat) => t.chat.answer({ kind: "response", response_id: "yes" }, { text: "Yes" });

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
    t.chat.update(page(dialogue()), true);
    await settled();
    t.chat.open("visitor");
    expect(t.words()).toEqual(["Hello"]);
    expect(t.chat.scene()).toMatchObject({ typing: true, waiting: null, unread: false });
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?"]);
    expect(t.chat.scene().waiting).toEqual(question);
    await settled();
    expect(t.storage.get("token")).toBe("tok");
  });

  it("by the page tells the server nothing until the visitor does something", async () => {
    const t = setup();
    await opened(t);
    const u = setup();
    u.on(() => ({ body: { conversation: null } }));
    u.chat.update(page(dialogue()), true);
    u.chat.open("page");
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
    expect(t.chat.scene()).toMatchObject({
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
    expect(t.chat.scene()).toMatchObject({ pending: [], waiting: { card_id: "q2" }, allowBack: true });
    expect(t.tell).toHaveBeenLastCalledWith("cnv_1", 4, 1);
  });

  it("is queued while the connection is down and sent once, with the same key", async () => {
    const t = setup();
    await opened(t);
    yes(t);
    await settled();
    expect(t.chat.scene()).toMatchObject({
      trouble: true,
      typing: false,
      pending: [{ echo: { text: "Yes" } }],
    });
    t.pass(2000);
    await settled();
    t.on(({ body }) => ({ body: answered(body.client_id as string) }));
    t.chat.online();
    await settled();
    const keys = t.calls.filter((c) => c.path.endsWith("/input")).map((c) => c.body.client_id);
    expect(keys.length).toBeGreaterThan(2);
    expect(new Set(keys).size).toBe(1);
    expect(t.chat.scene()).toMatchObject({ trouble: false, pending: [] });
  });

  it("is engaged once and completed once, whatever comes", async () => {
    const t = setup();
    await opened(t);
    t.events.length = 0;
    t.on(({ body }) => ({ body: answered(body.client_id as string, { state: "completed", waiting: null }) }));
    yes(t);
    await settled();
    t.chat.hint("cnv_1", 9, 1);
    await settled();
    expect(t.events.map((e) => e.name)).toEqual(["conversation_engaged", "conversation_completed"]);
    t.pass(1000);
    expect(t.chat.scene()).toMatchObject({ ended: true, allowBack: false });
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
    t.chat.answer({ kind: "values", values: { mail: "ada@free.example" } }, {});
    await settled();
    expect(t.events).toEqual([]);
    expect(t.chat.scene()).toMatchObject({
      waiting: { card_id: "i" },
      rejected: {
        card_id: "i",
        errors: { mail: "email_refused" },
        input: { values: { mail: "ada@free.example" } },
      },
    });
    t.on(({ body }) => ({ body: answered(body.client_id as string, { messages: [said(5, "Thanks")] }) }));
    t.chat.answer({ kind: "values", values: { mail: "ada@work.example" } }, {});
    await settled();
    expect(t.events.map((e) => e.name)).toEqual(["input_email"]);
    expect(t.chat.scene().rejected).toBeNull();
  });

  it("takes the server's word when another tab was quicker", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ status: 409, body: { current: answered("other-tab") } }));
    yes(t);
    await settled();
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
    expect(t.chat.scene()).toMatchObject({ notice: "moved_on", pending: [], waiting: { card_id: "q2" } });
  });

  it("asks what to show when the conversation was dropped meanwhile", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ status: 409, body: { current: conversation({ state: "dropped", waiting: null }) } }));
    yes(t);
    await settled();
    expect(t.core.asked).toBe(1);
    expect(t.chat.scene().present).toBe(false);
  });

  it("starts afresh when the conversation is gone", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ status: 404, body: { title: "Not found" } }));
    yes(t);
    await settled();
    expect(t.core.asked).toBe(1);
    expect(t.chat.scene().present).toBe(false);
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
    t.chat.back("q");
    expect(t.chat.scene()).toMatchObject({ waiting: null, allowBack: false });
    await settled();
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?"]);
    expect(t.chat.scene().waiting).toEqual(question);
  });

  it("in another tab makes this one fetch everything", async () => {
    const t = setup();
    await opened(t);
    t.on(() => ({ body: conversation({ epoch: 2, messages: [said(7, "From the top")] }) }));
    t.chat.hint("cnv_1", 7, 2);
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

  it("restores an open conversation at the same message, without speaking it again", async () => {
    const t = setup();
    t.storage.set("open", JSON.stringify(["cnv_1", "/elsewhere"]));
    t.chat.update(page({ kind: "continue", conversation: engaged() }), true);
    expect(t.chat.scene()).toMatchObject({ open: true, typing: false, waiting: { card_id: "q2" } });
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
    expect(t.events).toEqual([]);
  });

  it("stays closed on later pages once the visitor has closed it", async () => {
    const server = fakeCore();
    const t = setup(server);
    await opened(t);
    t.chat.close();
    await settled();
    expect(t.events.at(-1)?.name).toBe("conversation_closed");
    expect(t.paths().at(-1)).toBe("conversations/cnv_1/close");
    const next = setup(server);
    next.chat.update(page({ kind: "continue", conversation: engaged() }), true);
    expect(next.chat.scene()).toMatchObject({ present: true, open: false });
  });

  it("sends on the next page what could not be sent on the last, with the same key", async () => {
    const server = fakeCore();
    const t = setup(server);
    await opened(t);
    yes(t);
    await settled();
    const key = t.calls.at(-1)?.body.client_id;
    const next = setup(server);
    next.on(({ body }) => ({ body: answered(body.client_id as string) }));
    next.chat.update(page({ kind: "continue", conversation: conversation({ state: "engaged" }) }), true);
    await settled();
    expect(next.calls.at(-1)).toMatchObject({ path: "conversations/cnv_1/input", body: { client_id: key } });
    expect(next.storage.has("outbox")).toBe(false);
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
    t.chat.hint("cnv_1", 2, 1);
    await settled();
    expect(t.paths().some((p) => p.includes("?after="))).toBe(false);
    t.chat.hint("cnv_1", 4, 1);
    await settled();
    expect(t.paths().at(-1)).toBe("conversations/cnv_1?after=2");
    t.pass(1000);
    expect(t.words()).toEqual(["Hello", "Ready?", "Yes", "Good."]);
  });

  it("shows nothing of a visitor who has been forgotten", async () => {
    const t = setup();
    await opened(t);
    t.chat.reset();
    expect(t.chat.scene()).toMatchObject({ present: false, messages: [], pending: [] });
  });
});

it("takes a refused free text back to the composer", async () => {
  const t = setup();
  await opened(t);
  t.on(() => ({ status: 422, body: { errors: [{ field: "/input/text", code: "too_long" }] } }));
  t.chat.answer({ kind: "text", text: "long" }, { text: "long" });
  await settled();
  expect(t.chat.scene().rejected).toMatchObject({ input: { text: "long" }, errors: { text: "too_long" } });
});
