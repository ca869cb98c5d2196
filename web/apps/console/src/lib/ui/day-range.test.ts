import { describe, expect, it } from "vitest";
import { dayEnd, dayStart, firstDay } from "./day-range.ts";

describe("day range", () => {
  it("holds the whole last day", () => {
    const [start, end] = [dayStart("2026-11-20"), dayEnd("2026-11-20")];
    expect(new Date(end ?? "").getTime() - new Date(start ?? "").getTime()).toBe(86_400_000);
    expect(new Date(start ?? "").getHours()).toBe(0);
  });

  it("goes over the end of a month", () => {
    expect(dayEnd("2026-11-30")).toBe(dayStart("2026-12-01"));
  });

  it("ignores what is no day", () => {
    expect(dayStart("yesterday")).toBeUndefined();
    expect(dayEnd(undefined)).toBeUndefined();
  });

  it("counts today among the last days, over the end of a year", () => {
    expect(firstDay("7", new Date(2027, 0, 3))).toBe("2026-12-28");
    expect(firstDay("1", new Date(2027, 0, 3))).toBe("2027-01-03");
    expect(firstDay(undefined)).toBeUndefined();
  });
});
