import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AMOUNTS, amountOf, EVENT_LABELS, type EventKind, eventOf } from "./events.ts";

const KINDS = Object.keys(EVENT_LABELS) as EventKind[];

describe("events", () => {
  it("start with a usual amount", () => {
    expect(eventOf("time_on_page")).toEqual({ kind: "time_on_page", seconds: 30 });
    expect(eventOf("exit_intent")).toEqual({ kind: "exit_intent" });
  });

  it("stay within what makes sense, whatever is typed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.integer(), (kind, typed) => {
        const amount = amountOf(eventOf(kind, typed));
        const range = AMOUNTS[kind];
        if (range === null) expect(amount).toBeNull();
        else expect(amount !== null && amount >= range.least && amount <= range.most).toBe(true);
      }),
    );
  });
});
