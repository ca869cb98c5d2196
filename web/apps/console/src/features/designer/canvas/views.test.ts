import type { Card } from "@usher/api";
import { boardOf, CARD_WIDTH } from "@usher/stream";
import { describe, expect, it } from "vitest";
import { isSeen } from "./views.ts";

const card: Card = { id: "a", kind: "goal", goal: "A", next: null };
const board = boardOf({ start: "a", cards: [card] }, { a: { x: 0, y: 0 } });
const room = { width: 800, height: 600 };

describe("what is in sight", () => {
  it.each([
    ["in the middle", [100, 100, 1], true],
    ["reaching in from the left", [-CARD_WIDTH + 10, 0, 1], true],
    ["beyond the left", [-CARD_WIDTH - 1, 0, 1], false],
    ["beyond the right", [801, 0, 1], false],
    ["far above", [0, -500, 1], false],
    ["small, beyond the left", [-CARD_WIDTH / 2, 0, 0.5], false],
  ] as const)("a card %s", (_where, transform, seen) => {
    expect(isSeen(board, card, { ...room, transform })).toBe(seen);
  });
});
