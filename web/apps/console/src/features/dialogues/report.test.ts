import { describe, expect, it } from "vitest";
import { everyDay, period } from "./report.ts";

describe("report", () => {
  it("covers whole days up to today", () => {
    const { from, to, first, last } = period(7, new Date(2026, 10, 20, 15, 30));
    expect([first, last]).toEqual(["2026-11-14", "2026-11-20"]);
    expect(new Date(from).getHours()).toBe(0);
    expect(new Date(to)).toEqual(new Date(2026, 10, 21));
  });

  it("shows days without anything as zero, and none twice at the change of the clock", () => {
    const monday = {
      day: "2026-10-26",
      triggered: 3,
      engaged: 1,
      completed: 0,
      acquired: 0,
      goals: 0,
      documents: 0,
    };
    const days = everyDay([monday], "2026-10-24", "2026-10-27");
    expect(days.map((one) => one.day)).toEqual(["2026-10-24", "2026-10-25", "2026-10-26", "2026-10-27"]);
    expect(days.map((one) => one.triggered)).toEqual([0, 0, 3, 0]);
  });
});
