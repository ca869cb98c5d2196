import { describe, expect, it } from "vitest";
import { rateText, stateOf } from "./state-words.ts";

describe("dialogues in words", () => {
  it("say that a disabled one is shown to nobody, though it is published", () => {
    const one = { state: "published", enabled: false, has_unpublished_changes: false } as const;
    expect(stateOf(one).label).toBe("Disabled");
    expect(stateOf({ ...one, enabled: true }).label).toBe("Published");
    expect(stateOf({ ...one, state: "draft" }).label).toBe("Draft");
  });

  it("have no rate of nothing", () => {
    expect(rateText(0, 0)).toBe("–");
    expect(rateText(0, 5)).toBe("0 %");
    expect(rateText(1, 3)).toBe("33 %");
    expect(rateText(1, 300)).toBe("0.3 %");
  });
});
