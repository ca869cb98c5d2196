import type { AnswerInput, Waiting } from "@usher/api";
import { describe, expect, it } from "vitest";
import { scriptOf, turnOf } from "./script-of.ts";

const question: Waiting = {
  kind: "question",
  card_id: "greeting",
  style: "buttons",
  responses: [{ id: "r1", label: "Yes" }],
  allow_text: true,
};
const form: Waiting = {
  kind: "info",
  card_id: "form",
  skippable: true,
  fields: [
    { id: "f1", type: "email", label: "E-mail" },
    { id: "f2", type: "consent", label: "News" },
    { id: "f3", type: "text", label: "Name" },
  ],
};
const answer = (card_id: string, input: AnswerInput) => ({ answer: { card_id, input } });

describe("what is done in the preview, as a test", () => {
  it("names responses and fields as visitors read them", () => {
    expect(turnOf(answer("greeting", { kind: "response", response_id: "r1" }), question)).toEqual({
      step: "choose",
      response: "Yes",
    });
    const values = { f1: "ada@example.com", f2: true, f3: "" };
    expect(turnOf(answer("form", { kind: "values", values }), form)).toEqual({
      step: "fill",
      values: { "E-mail": "ada@example.com", News: "true" },
    });
  });

  it("goes back to the card, and forgets starting again", () => {
    expect(turnOf({ back: { card_id: "greeting" } }, form)).toEqual({ step: "back", card: "greeting" });
    expect(turnOf({ restart: {} }, form)).toBeNull();
  });

  it("expects what came of the conversation", () => {
    const turns = [{ step: "choose" as const, response: "Yes" }];
    expect(scriptOf("Yes", turns, { goals: ["Asked", "Asked"], ended: true, current_card: null })).toEqual({
      name: "Yes",
      steps: [...turns, { step: "expect_goal", goal: "Asked" }, { step: "expect_end" }],
    });
    expect(scriptOf("Half", [], { goals: [], ended: false, current_card: "form" }).steps).toEqual([
      { step: "expect_asks", card: "form" },
    ]);
  });
});
