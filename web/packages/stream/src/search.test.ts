import type { Card } from "@usher/api";
import { describe, expect, it } from "vitest";
import { boardOf } from "./board.ts";
import { updateCard } from "./graph.ts";
import { fromMarks } from "./marks.ts";
import { neighbour, searchCards } from "./search.ts";
import { cardOf, line } from "./testing.ts";

describe("search", () => {
  const plain = line("message", "question", "message", "goal");
  const board = updateCard(plain, {
    ...cardOf(plain, "message-2"),
    text: fromMarks("Très **bien**, merci"),
  } as Card);

  it("finds by the type of card", () => {
    expect(searchCards(board.stream, "message")).toEqual(["message-1", "message-2"]);
    expect(searchCards(board.stream, "Goal")).toEqual(["goal-1"]);
  });

  it("finds by words, without case and accents, all of which must be there", () => {
    expect(searchCards(board.stream, "tres MERCI")).toEqual(["message-2"]);
    expect(searchCards(board.stream, "tres adieu")).toEqual([]);
    expect(searchCards(board.stream, "   ")).toEqual([]);
  });
});

describe("arrow keys", () => {
  it("go along connections", () => {
    const board = line("message", "question", "goal");
    expect(neighbour(board, "message-1", "right")).toBe("question-1");
    expect(neighbour(board, "question-1", "left")).toBe("message-1");
    expect(neighbour(board, "goal-1", "right")).toBeNull();
  });

  it("go to the nearest card above and below", () => {
    const goals = ["a", "b", "c"].map((id): Card => ({ id, kind: "goal", goal: id, next: null }));
    const layout = { a: { x: 0, y: 0 }, b: { x: 0, y: 200 }, c: { x: 40, y: 400 } };
    const board = boardOf({ start: "a", cards: goals }, layout);
    expect(neighbour(board, "a", "down")).toBe("b");
    expect(neighbour(board, "c", "up")).toBe("b");
    expect(neighbour(board, "a", "up")).toBeNull();
  });
});
