import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyLog, type Log, merge, type Numbered, type Part } from "./log.ts";

const AT = "2026-11-20T10:00:00.000Z";
const said = (seq: number, text: string, more: Partial<Numbered> = {}): Numbered => ({
  seq,
  kind: "text",
  text,
  at: AT,
  ...more,
});
const log: Log<Numbered> = { epoch: 1, cursor: 2, messages: [said(1, "a"), said(2, "b")] };
const view = (seqs: number[], more: Partial<Part<Numbered>> = {}): Part<Numbered> => ({
  epoch: 1,
  last_seq: seqs.at(-1) ?? 0,
  messages: seqs.map((s) => said(s, String(s))),
  ...more,
});

describe("joining what the server sends", () => {
  it("takes a first answer whole", () => {
    expect(merge<Numbered>(emptyLog, view([1, 2]), 0)).toMatchObject({ epoch: 1, cursor: 2 });
  });

  it("adds what is new, in order, each once", () => {
    const joined = merge(log, view([4, 2, 3], { last_seq: 4 }), 1) as Log<Numbered>;
    expect(joined.messages.map((m) => m.seq)).toEqual([1, 2, 3, 4]);
    expect(joined.cursor).toBe(4);
  });

  it("asks for everything rather than leaving a hole", () => {
    expect(merge(log, view([9]), 8)).toBe("gap");
  });

  it("asks for everything when the epoch is another and the answer is not whole", () => {
    expect(merge(log, view([3], { epoch: 2 }), 2)).toBe("gap");
    expect(merge(log, view([1, 5], { epoch: 2 }), 0)).toMatchObject({ epoch: 2, cursor: 5 });
  });

  it("ignores an answer that was overtaken", () => {
    expect(merge(log, view([1]), 0)).toBe("stale");
    expect(merge(log, view([1, 2, 3], { epoch: 0 }), 0)).toBe("stale");
  });
});

describe("changes of earlier messages", () => {
  const changed = (seq: number, of: number, text: string, more: Partial<Numbered> = {}) =>
    said(seq, text, { kind: "changed", changes: of, ...more });

  it("are read where the message stood, and stand nowhere themselves", () => {
    const part = { epoch: 1, last_seq: 3, messages: [changed(3, 1, "better")] };
    const joined = merge(log, part, 2) as Log<Numbered>;
    expect(joined).toMatchObject({
      cursor: 3,
      messages: [
        { seq: 1, text: "better", edited_at: AT },
        { seq: 2, text: "b" },
      ],
    });
  });

  it("say when a message was taken back; the last one counts", () => {
    const messages = [changed(3, 2, "better"), changed(4, 2, "", { deleted: true })];
    const joined = merge(log, { epoch: 1, last_seq: 4, messages }, 2) as Log<Numbered>;
    expect(joined.messages).toMatchObject([{ seq: 1 }, { seq: 2, deleted: true, text: "" }]);
  });

  it("stay worked in when an old part comes late and reaches further", () => {
    const first = merge(log, { epoch: 1, last_seq: 3, messages: [changed(3, 2, "better")] }, 2);
    const late = { epoch: 1, last_seq: 4, messages: [said(2, "b"), changed(3, 2, "better"), said(4, "d")] };
    const joined = merge(first as Log<Numbered>, late, 1) as Log<Numbered>;
    expect(joined.messages.map((m) => m.text)).toEqual(["a", "better", "d"]);
  });
});

it("holds everything in order after any sequence of parts, resumed by its own number whenever there is a hole", () => {
  const all = Array.from({ length: 30 }, (_, at) => said(at + 1, String(at + 1)));
  const part = (after: number, upto: number) => ({
    epoch: 1,
    last_seq: upto,
    messages: all.filter((m) => m.seq > after && m.seq <= upto),
  });
  const pushed = fc.tuple(fc.nat(29), fc.nat(30)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(fc.array(pushed, { maxLength: 20 }), (parts) => {
      let held: Log<Numbered> = emptyLog;
      for (const [after, upto] of [...parts, [0, 30] as const]) {
        let next = merge(held, part(after, upto), after);
        if (next === "gap") next = merge(held, part(held.cursor, upto), held.cursor);
        if (typeof next === "object") held = next;
        expect(held.messages.map((m) => m.seq)).toEqual(all.slice(0, held.cursor).map((m) => m.seq));
      }
      expect(held.cursor).toBe(30);
    }),
  );
});
