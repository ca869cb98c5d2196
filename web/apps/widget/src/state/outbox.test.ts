import { describe, expect, it, vi } from "vitest";
import { handClock, settled } from "../testing/clock.ts";
import { createOutbox, type Op, type Verdict } from "./outbox.ts";

const op = (client_id: string): Op => ({
  client_id,
  at: Date.now(),
  dialogue: "d",
  conversation: "c",
  kind: "input",
  card_id: "q",
  input: { kind: "text", text: client_id },
  echo: { text: client_id },
  emits: [],
});

const setup = (shelf = { text: null as string | null }) => {
  const { clock, pass } = handClock();
  const tried: string[] = [];
  let verdict: Verdict | (() => Promise<Verdict>) = "done";
  const outbox = createOutbox(
    clock,
    {
      read: () => shelf.text,
      write: (text) => {
        shelf.text = text;
      },
    },
    async (o) => {
      tried.push(o.client_id);
      return typeof verdict === "function" ? verdict() : verdict;
    },
    vi.fn(),
  );
  return {
    outbox,
    tried,
    shelf,
    server: (v: typeof verdict) => {
      verdict = v;
    },
    later: async (ms: number) => {
      pass(ms);
      await settled();
    },
  };
};

const down: Verdict = { retryAfter: 0 };

describe("the outbox", () => {
  it("sends once when the connection is back, in order", async () => {
    const t = setup();
    t.server(down);
    t.outbox.add(op("a"));
    t.outbox.add(op("b"));
    t.outbox.add(op("c"));
    await settled();
    expect(t.outbox.failures()).toBe(1);
    expect(t.outbox.ops().map((o) => o.client_id)).toEqual(["a", "b", "c"]);
    t.server("done");
    await t.later(30_000);
    expect(t.tried).toEqual(["a", "a", "b", "c"]);
    expect(t.outbox.ops()).toEqual([]);
    expect(t.outbox.failures()).toBe(0);
  });

  it("never has two on the way", async () => {
    const t = setup();
    let finish: (v: Verdict) => void = () => {};
    t.server(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    t.outbox.add(op("a"));
    t.outbox.add(op("b"));
    t.outbox.hurry();
    await settled();
    expect(t.tried).toEqual(["a"]);
    finish("done");
    await settled();
    expect(t.tried).toEqual(["a", "b"]);
  });

  it("tries at once when the browser says that it is online again", async () => {
    const t = setup();
    t.server(down);
    t.outbox.add(op("a"));
    await settled();
    t.server("done");
    t.outbox.hurry();
    await settled();
    expect(t.outbox.ops()).toEqual([]);
  });

  it("waits no less than the server asks", async () => {
    const t = setup();
    t.server({ retryAfter: 40 });
    t.outbox.add(op("a"));
    await settled();
    await t.later(39_000);
    expect(t.tried).toHaveLength(1);
    await t.later(1_000);
    expect(t.tried).toHaveLength(2);
  });

  it("keeps the key of an unsent operation across pages", async () => {
    const before = setup();
    before.server(down);
    before.outbox.add(op("a"));
    await settled();
    const after = setup(before.shelf);
    after.outbox.resume((o) => o.conversation === "c");
    await settled();
    expect(after.tried).toEqual(["a"]);
    expect(after.shelf.text).toBeNull();
  });

  it("leaves what belongs to another conversation to that one, for a day", async () => {
    const old = { ...op("old"), at: Date.now() - 25 * 3_600_000 };
    const shelf = { text: JSON.stringify([old, op("other")]) };
    const t = setup(shelf);
    t.outbox.resume((o) => o.client_id === "old");
    t.outbox.add(op("a"));
    await settled();
    expect(t.tried).toEqual(["a"]);
    expect(JSON.parse(shelf.text ?? "[]").map((o: Op) => o.client_id)).toEqual(["other"]);
  });

  it("leaves another tab's operations on the shelf", async () => {
    const shelf = { text: null as string | null };
    const [one, two] = [setup(shelf), setup(shelf)];
    one.server(down);
    one.outbox.add(op("a"));
    two.outbox.add(op("b"));
    await settled();
    expect(JSON.parse(shelf.text ?? "[]").map((o: Op) => o.client_id)).toEqual(["a"]);
  });

  it("survives a shelf full of rubbish", () => {
    const t = setup({ text: '{"not":"a list"' });
    t.outbox.resume(() => true);
    expect(t.outbox.ops()).toEqual([]);
  });
});
