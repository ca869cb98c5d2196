import type { Card } from "@usher/api";
import { boardOf, CARD_WIDTH } from "@usher/stream";
import { describe, expect, it } from "vitest";
import { exitOfWay, middleOf, pathOf, startOf, waysOf } from "./ways.ts";

const cards: Card[] = [
  { id: "a", kind: "goal", goal: "A", next: "b" },
  { id: "b", kind: "goal", goal: "B", next: null },
];
const board = boardOf({ start: "a", cards }, { a: { x: 0, y: 0 }, b: { x: 400, y: 80 } });

describe("connections", () => {
  it("are drawn for exits that lead somewhere, from edge to edge", () => {
    const [way, ...more] = waysOf(board, null);
    expect(more).toEqual([]);
    expect(way).toMatchObject({
      card: "a",
      field: "next",
      to: "b",
      from: { x: CARD_WIDTH },
      end: { x: 400 },
    });
    expect(exitOfWay(way?.id ?? "")).toEqual({ card: "a", field: "next" });
    expect(startOf(board, { card: "a", field: "next" })).toEqual(way?.from);
  });

  it("follow a card that is being dragged", () => {
    expect(waysOf(board, new Map([["b", { x: 500, y: 0 }]]))[0]?.end.x).toBe(500);
  });

  it("pass through their middle, ahead and back", () => {
    for (const end of [
      { x: 300, y: 100 },
      { x: -400, y: 40 },
    ]) {
      const from = { x: 0, y: 0 };
      const numbers =
        pathOf(from, end)
          .match(/-?\d+(\.\d+)?/g)
          ?.map(Number) ?? [];
      const [x0 = 0, , x1 = 0, , x2 = 0, , x3 = 0] = numbers;
      expect(middleOf(from, end)).toEqual({ x: (x0 + 3 * x1 + 3 * x2 + x3) / 8, y: end.y / 2 });
    }
  });
});
