import { describe, expect, it } from "vitest";
import { languages } from "../languages/index.ts";
import { assign, readAssignment, readMessage } from "./wire.ts";
import { spoken, wordsOf } from "./words.ts";

describe("what the viewer says", () => {
  it("is taken when it is one of its words", () => {
    expect(readMessage({ kind: "page", page: 3 })).toEqual({ kind: "page", page: 3 });
    expect(readMessage({ kind: "escape", more: 1 })).toEqual({ kind: "escape" });
    expect(readMessage({ kind: "search", text: "x".repeat(300) })).toEqual({
      kind: "search",
      text: "x".repeat(200),
    });
  });

  it.each([
    null,
    undefined,
    7,
    "ready",
    {},
    { kind: "page", page: "3" },
    { kind: "page", page: 0.5 },
    { kind: "search" },
    { kind: "eval" },
  ])("is nothing when it is %j", (data) => {
    expect(readMessage(data)).toBeNull();
  });

  it("is told by its address what to show", () => {
    const assignment = {
      path: "/api/visitor/v1/documents/doc_1?v=2",
      name: "Führer & more #1",
      language: "de",
      around: "https://a.example",
      dark: true,
    };
    expect(readAssignment(`#${assign(assignment)}`)).toEqual(assignment);
  });

  it("is said in the widget's languages", () => {
    expect([...spoken].sort()).toEqual([...languages].sort());
    for (const language of spoken) {
      for (const word of Object.values(wordsOf(language))) expect(word).not.toBe("");
    }
  });
});
