import type { Stream } from "@usher/api";
import { describe, expect, it } from "vitest";
import { difference } from "./difference.ts";
import { fromMarks } from "./marks.ts";

const say = (id: string, words: string, next: string | null = null) =>
  ({ id, kind: "message", text: fromMarks(words), next }) as const;
const streamOf = (...cards: Stream["cards"]): Stream => ({ start: "a", cards });

describe("difference", () => {
  it("names what was added, changed and removed, with the words before and after", () => {
    const before = streamOf(say("a", "Hello", "b"), say("b", "Old"), say("c", "Gone"));
    const after = streamOf(say("a", "Hello", "b"), say("b", "New"), say("d", "More"));
    const changes = difference(before, after);
    expect(changes.map(({ id, change }) => [id, change])).toEqual([
      ["b", "changed"],
      ["d", "added"],
      ["c", "removed"],
    ]);
    expect(changes[0]?.facts).toEqual([{ label: "Says", about: "words", before: "Old", after: "New" }]);
    expect(changes[1]?.facts[0]).toMatchObject({ before: null, after: "More" });
    expect(changes[2]?.facts[0]).toMatchObject({ before: "Gone", after: null });
  });

  it("names where a card led and leads, and does not mind that a card is called otherwise", () => {
    const before = streamOf(say("a", "One", "b"), say("b", "Two"), say("c", "Three"));
    const moved = difference(before, streamOf(say("a", "One", "c"), say("b", "Two"), say("c", "Three")));
    expect(moved).toHaveLength(1);
    expect(moved[0]?.facts).toEqual([{ label: "Then", about: "way", before: "Two", after: "Three" }]);
    const renamed = difference(before, streamOf(say("a", "Uno", "b"), say("b", "Dos"), say("c", "Three")));
    expect(renamed.map((one) => one.facts.map((fact) => fact.about))).toEqual([["words"], ["words"]]);
  });

  it("says that something differs when only the look of a text does", () => {
    const plain = streamOf(say("a", "Hello"));
    const bold = streamOf(say("a", "**Hello**"));
    expect(difference(plain, bold)[0]?.facts).toHaveLength(1);
  });

  it("does not mind the order of keys, nor keys without a value", () => {
    const card = say("a", "Hello");
    const other = { next: null, title: undefined, text: card.text, id: "a", kind: "message" } as const;
    expect(difference(streamOf(card), streamOf(other))).toEqual([]);
  });
});
