import type { Criteria, Draft, Stream } from "@usher/api";
import { describe, expect, it } from "vitest";
import { type Content, patchOf } from "./content.ts";

const draft: Draft = {
  stream: { start: "", cards: [] },
  targeting: {
    audience: { all: [{ attribute: "person.email", op: "is", values: [""] }] },
    pages: { include: ["https://shop.example", "  ", ""], exclude: [] },
    events: { mode: "all", conditions: [] },
    caps: {},
  },
  allow_back: true,
  allow_restart: true,
  language: "auto",
};
const content: Content = { name: "Pricing", description: "", priority: 1, draft };

describe("what is sent of a dialogue", () => {
  it("is only what differs", () => {
    expect(patchOf(content, { ...content, priority: 2 }, () => "text")).toEqual({ priority: 2 });
    expect(patchOf(content, content, () => "text")).toEqual({});
  });

  it("keeps unfinished conditions, blank patterns and an empty name back", () => {
    const patch = patchOf(content, { ...content, name: " ", draft: { ...draft } }, () => "email");
    expect(patch.name).toBeUndefined();
    expect(patch.draft?.targeting.audience).toEqual({ all: [] });
    expect(patch.draft?.targeting.pages.include).toEqual(["https://shop.example"]);
  });

  it("keeps unfinished conditions of a branch back, too", () => {
    const email = "person.email";
    const criteria: Criteria = {
      any: [
        { attribute: email, op: "is" },
        { attribute: email, op: "is_empty" },
      ],
    };
    const cases = [{ id: "one", name: "One", criteria, next: null }];
    const stream: Stream = { start: "b", cards: [{ id: "b", kind: "branch", cases, otherwise: null }] };
    const patch = patchOf(content, { ...content, draft: { ...draft, stream } }, () => "email");
    expect(patch.draft?.stream.cards[0]).toMatchObject({
      cases: [{ criteria: { any: [{ op: "is_empty" }] } }],
    });
  });
});
