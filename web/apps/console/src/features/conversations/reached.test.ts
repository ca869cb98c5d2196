import type { ConversationSummary } from "@usher/api";
import { describe, expect, it } from "vitest";
import { pagePath, withWhom } from "./reached.ts";

const dropped: ConversationSummary = {
  id: "cnv_1",
  site: { id: "sit_1", name: "Shop" },
  dialogue: { id: "dlg_1", name: "Welcome", kind: "dialogue" },
  person: { id: "per_1", full_name: null, email: "ada@example.com" },
  state: "dropped",
  started_at: "2026-11-19T10:00:00.000Z",
  engaged_at: "2026-11-19T10:01:00.000Z",
  completed_at: null,
  acquired_at: null,
  last_activity_at: "2026-11-19T10:01:00.000Z",
  page_url: "https://shop.example/pricing?plan=pro",
  messages: 3,
  goals: [],
};

describe("conversations", () => {
  it("are named after the person, the address, or nobody", () => {
    expect(withWhom(dropped)).toBe("ada@example.com");
    expect(withWhom({ person: null })).toBe("Anonymous visitor");
  });

  it("show the path of a page, and the host of a home page", () => {
    expect(pagePath(dropped.page_url)).toBe("/pricing?plan=pro");
    expect(pagePath("https://shop.example/")).toBe("shop.example");
    expect(pagePath("not an address")).toBe("not an address");
    expect(pagePath(null)).toBeNull();
  });
});
