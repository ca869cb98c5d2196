import { describe, expect, it } from "vitest";
import { stateOf } from "./state-words.ts";

describe("dialogues in words", () => {
  it("say that a disabled one is shown to nobody, though it is published", () => {
    const one = { state: "published", enabled: false, has_unpublished_changes: false } as const;
    expect(stateOf(one).label).toBe("Disabled");
    expect(stateOf({ ...one, enabled: true }).label).toBe("Published");
    expect(stateOf({ ...one, state: "draft" }).label).toBe("Draft");
  });
});
