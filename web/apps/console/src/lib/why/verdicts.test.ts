import type { Explained, VerdictKind } from "@usher/api";
import { describe, expect, it } from "vitest";
import { outcomeText, splitByPage, verdictLook } from "./verdicts.ts";

const explained = (id: string, verdict: VerdictKind): Explained => ({
  id,
  name: id,
  version: 1,
  verdict,
  reason: "",
});

describe("verdicts", () => {
  it("puts what could have been shown before dialogues of other pages", () => {
    const all = [
      explained("a", "other_page"),
      explained("b", "shown"),
      explained("c", "excluded_page"),
      explained("d", "not_published"),
      explained("e", "outranked"),
    ];
    const { concerned, elsewhere } = splitByPage(all);
    expect(concerned.map((one) => one.id)).toEqual(["b", "c", "e"]);
    expect(elsewhere.map((one) => one.id)).toEqual(["a", "d"]);
  });

  it("says what a page view got, also when the name is gone", () => {
    const dialogue = { id: "dlg_1", name: "Demo" };
    const outcome = { conversation_id: null, dialogue: null };
    expect(outcomeText({ ...outcome, kind: "show", dialogue })).toBe("Got Demo");
    expect(outcomeText({ ...outcome, kind: "show" })).toBe("Got a dialogue");
    expect(outcomeText({ ...outcome, kind: "continue", dialogue })).toBe("Demo went on");
    expect(outcomeText({ ...outcome, kind: "nothing" })).toBe("Got nothing");
  });

  it("marks only what reached the visitor", () => {
    expect(verdictLook("shown").color).toBe("green");
    expect(verdictLook("audience").color).toBe("gray");
  });
});
