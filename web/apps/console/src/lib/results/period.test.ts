import { describe, expect, it } from "vitest";
import { periodOf } from "./period.ts";
import { resultsSearch } from "./search.ts";

const NOW = new Date(2026, 10, 20, 15, 30);

describe("the period of a report", () => {
  it("is the last days up to today", () => {
    const { from, to, first, last } = periodOf({ days: "7" }, NOW);
    expect([first, last]).toEqual(["2026-11-14", "2026-11-20"]);
    expect(new Date(from).getHours()).toBe(0);
    expect(new Date(to)).toEqual(new Date(2026, 10, 21));
    expect(periodOf({}, NOW).first).toBe("2026-10-24");
  });

  it("is what one asks for, as far as it makes sense", () => {
    const own = (from?: string, to?: string) => {
      const { first, last } = periodOf({ from, to }, NOW);
      return [first, last];
    };
    expect(own("2026-03-28", "2026-03-30")).toEqual(["2026-03-28", "2026-03-30"]);
    expect(own("2026-11-01")).toEqual(["2026-11-01", "2026-11-20"]);
    expect(own(undefined, "2026-03-30")).toEqual(["2026-03-03", "2026-03-30"]);
    expect(own("2026-12-24", "2026-03-30")).toEqual(["2026-03-30", "2026-03-30"]);
    expect(own("1990-01-01", "2026-03-30")[0]).toBe("2024-01-21");
  });

  it("reads nothing from an address that says nothing", () => {
    expect(resultsSearch({ days: 7, cut: "device", figure: "goals", from: "2026-11-01" })).toMatchObject({
      days: "7",
      cut: "device",
      figure: "goals",
      from: "2026-11-01",
    });
    const nothing = resultsSearch({ days: 8, cut: "<b>", figure: "triggered", from: "yesterday", part: 1 });
    expect(Object.values(nothing).every((value) => value === undefined)).toBe(true);
  });
});
