import type { Draft } from "@usher/api";
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
});
