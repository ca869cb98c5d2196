import type { Card } from "@usher/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boardOf } from "./board.ts";
import { fromProse, fromText, toText } from "./clipboard.ts";
import { same } from "./difference.ts";
import { mapExits } from "./links.ts";
import { fromMarks } from "./marks.ts";
import { anyCards } from "./testing.ts";

describe("cards as text", () => {
  it("come back as they were, whatever they hold", () => {
    fc.assert(
      fc.property(anyCards, (cards) => {
        const ids = new Set(cards.map((card) => card.id));
        const closed = cards.map((card) =>
          mapExits(card, (next) => (next !== null && ids.has(next) ? next : null)),
        );
        const board = boardOf({ start: closed[0]?.id ?? "", cards: closed }, undefined);
        const copied = fromText(toText(board, [...ids]));
        expect(copied?.cards.map((card, index) => same(card, closed[index]))).toEqual(closed.map(() => true));
        expect(copied?.layout).toEqual(board.layout);
      }),
    );
  });

  it("read well: rich text stands as marks", () => {
    const card: Card = { id: "hello", kind: "message", text: fromMarks("Say **hello**"), next: null };
    expect(toText(boardOf({ start: "hello", cards: [card] }, undefined), ["hello"])).toContain(
      '"text": "Say **hello**"',
    );
  });

  it("from anywhere never give a card that is none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (card, layout) => {
        const copied = fromText(JSON.stringify({ usher: "cards", cards: [card], layout }));
        expect(copied === null || copied.cards.length === 1).toBe(true);
      }),
    );
    const strange = { id: "a", kind: "question", text: 7, responses: [null, { id: "x" }], free_text: "no" };
    expect(
      fromText(JSON.stringify({ usher: "cards", cards: [strange, { kind: "wizard", id: "b" }] }))?.cards,
    ).toEqual([
      {
        id: "a",
        kind: "question",
        text: { blocks: [] },
        style: "buttons",
        responses: [{ id: "x", label: "", next: null }],
      },
    ]);
    for (const text of ["", "{", "[]", '{"usher":"cards"}', '{"cards":[]}', "null"])
      expect(fromText(text)).toBeNull();
  });

  it("keep no link that a browser would run", () => {
    const text = { blocks: [{ type: "paragraph", spans: [{ text: "x", link: "javascript:alert(1)" }] }] };
    const card = { id: "a", kind: "message", text, next: null };
    expect(JSON.stringify(fromText(JSON.stringify({ usher: "cards", cards: [card] })))).not.toContain(
      "javascript",
    );
  });

  it("that are prose become a message", () => {
    expect(fromProse("Hello *there*")?.cards[0]).toMatchObject({
      kind: "message",
      text: fromMarks("Hello *there*"),
    });
    expect(fromProse("  \n ")).toBeNull();
  });
});
