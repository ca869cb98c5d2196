import { describe, expect, it } from "vitest";
import { findAll, fold, nearest } from "./search.ts";

describe("searching a document", () => {
  const texts = ["Kühlkette von Dock zu Tür", "", "Die KUHLKETTE\nreisst nie. Die Kühlkette hält."];

  it("finds words without case, accents and line ends, with their places", () => {
    const matches = findAll(texts, " kuhlkette ");
    expect(matches.map((m) => m.page)).toEqual([1, 3, 3]);
    for (const { page, from, to } of matches) {
      expect(fold(texts[page - 1]?.slice(from, to) ?? "")).toBe("kuhlkette");
    }
    expect(findAll(texts, "kühlkette reisst")).toHaveLength(1);
  });

  it("finds nothing for nothing", () => {
    expect(findAll(texts, "  ")).toEqual([]);
    expect(findAll(texts, "zebra")).toEqual([]);
  });

  it("keeps every character's place, whatever it is", () => {
    for (const text of ["İstanbul", "ﬁne", "😀é\u{0301}", "ß\tA"])
      expect(fold(text)).toHaveLength(text.length);
  });

  it("begins with what is nearest to the reader", () => {
    const matches = findAll(texts, "kühlkette");
    expect(nearest(matches, 2)).toBe(1);
    expect(nearest(matches, 4)).toBe(0);
  });
});
