import { describe, expect, it } from "vitest";
import { actionWords, detailLines, objectLink } from "./actions.ts";

describe("audit log", () => {
  it("reads the name of an action as words", () => {
    expect(actionWords("api_token.created")).toBe("Api token created");
  });

  it("leads to the object, unless it is gone", () => {
    expect(objectLink("site", "sit_1", "site.updated")).toBe("/sites/sit_1");
    expect(objectLink("document", "doc_1", "document.replaced")).toBe("/documents/doc_1");
    expect(objectLink("goal", "gol_1", "goal.renamed")).toBe("/goals?goal=gol_1");
    expect(objectLink("site", "sit_1", "site.deleted")).toBeNull();
    expect(objectLink("tea", "tea_1", "tea.made")).toBeNull();
    expect(objectLink("site", null, "site.updated")).toBeNull();
  });

  it("shows details as lines", () => {
    expect(detailLines({ changed: ["style", "name"], rows: 3, note: "<b>" })).toEqual([
      { label: "Changed", value: "style, name" },
      { label: "Rows", value: "3" },
      { label: "Note", value: "<b>" },
    ]);
  });
});
