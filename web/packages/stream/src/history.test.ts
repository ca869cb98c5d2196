import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begin, record, redo, undo } from "./history.ts";

describe("history", () => {
  it("undoes what was typed into one field at once", () => {
    const typed = ["a", "ab", "abc"].reduce((h, text) => record(h, text, "title"), begin(""));
    expect(undo(typed).present).toBe("");
    expect(redo(undo(typed)).present).toBe("abc");
  });

  it("keeps two fields apart, and what comes after an undo", () => {
    const both = record(record(begin(""), "a", "title"), "b", "text");
    expect(undo(both).present).toBe("a");
    expect(record(undo(both), "c", "text").past).toEqual(["", "a"]);
  });

  it("comes back to where it was after as many redos as undos", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 20 }), fc.nat(25), (values, times) => {
        const made = values.reduce((h, value, index) => record(h, value, String(index)), begin(-1));
        let there = made;
        for (let i = 0; i < times; i += 1) there = undo(there);
        for (let i = 0; i < times; i += 1) there = redo(there);
        expect(there.present).toBe(made.present);
      }),
    );
  });
});
