import type { CheckResult } from "@usher/api";
import { describe, expect, it } from "vitest";
import { elsewhere, errorAt, findingsOf } from "./findings.ts";

const check: CheckResult = {
  errors: [
    { card_id: "a", field: "responses/1/label", message: "The label is empty." },
    { card_id: "a", field: "id", message: "No branch leads to this card." },
    { card_id: "b", field: "text", message: "There are no words." },
    { card_id: null, field: "pages", message: "There is no target page." },
  ],
  warnings: [],
};

describe("findings", () => {
  it("stand beside their own field only", () => {
    const found = findingsOf(check, "a");
    expect(errorAt(found, "responses/1/label")).toBe("The label is empty.");
    expect(errorAt(found, "responses/10")).toBeUndefined();
    expect(errorAt(found, "responses/1")).toBe("The label is empty.");
    expect(errorAt(found, "text")).toBeUndefined();
  });

  it("stand above when no field shows them", () => {
    expect(elsewhere(findingsOf(check, "a").errors, ["text", "responses"])).toEqual([check.errors[1]]);
  });

  it("of the whole dialogue belong to no card", () => {
    expect(findingsOf(check, null).errors).toHaveLength(1);
  });
});
