import type { Stream } from "@usher/api";
import { describe, expect, it } from "vitest";
import { difference } from "./difference.ts";
import { fromMarks } from "./marks.ts";

const say = (id: string, words: string, next: string | null = null) =>
  ({ id, kind: "message", text: fromMarks(words), next }) as const;

describe("difference", () => {
  it("names what was added, changed and removed", () => {
    const before: Stream = { start: "a", cards: [say("a", "Hello", "b"), say("b", "Old"), say("c", "Gone")] };
    const after: Stream = { start: "a", cards: [say("a", "Hello", "b"), say("b", "New"), say("d", "More")] };
    expect(difference(before, after).map(({ change, before, after }) => [change, before, after])).toEqual([
      ["changed", "Old", "New"],
      ["added", null, "More"],
      ["removed", "Gone", null],
    ]);
  });

  it("does not mind the order of keys, nor keys without a value", () => {
    const card = say("a", "Hello");
    const other = { next: null, title: undefined, text: card.text, id: "a", kind: "message" } as const;
    expect(difference({ start: "a", cards: [card] }, { start: "a", cards: [other] })).toEqual([]);
  });
});
