import type { Draft } from "@usher/api";
import { describe, expect, it } from "vitest";
import { changesOf } from "./changes.ts";

const draft: Draft = {
  stream: { start: "a", cards: [{ id: "a", kind: "goal", goal: "Demo", next: null }] },
  targeting: {
    audience: { all: [] },
    pages: { include: ["https://shop.example"], exclude: [] },
    events: { mode: "all", conditions: [] },
    caps: {},
  },
  allow_back: true,
  allow_restart: true,
  language: "auto",
};

describe("what publishing changes", () => {
  it("is nothing when nothing differs", () => {
    expect(changesOf(draft, structuredClone(draft))).toEqual([]);
  });

  it("names cards, pages with both texts, and settings", () => {
    const after = structuredClone(draft);
    after.stream.cards[0] = { id: "a", kind: "goal", goal: "Booked", next: null };
    after.targeting.pages.exclude = ["https://shop.example/legal"];
    after.targeting.caps = { share: 50 };
    const changes = changesOf(draft, after).map((one) => [
      one.name,
      ...one.facts.map((fact) => [fact.before, fact.after]),
    ]);
    expect(changes).toEqual([
      ["Booked", ["Demo", "Booked"]],
      ["Target pages", ["https://shop.example", "https://shop.example\nnot https://shop.example/legal"]],
      ["How often it is shown"],
    ]);
  });
});
