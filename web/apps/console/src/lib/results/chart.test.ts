import { describe, expect, it } from "vitest";
import { labelled, topOf } from "./chart.ts";

describe("the chart", () => {
  it("labels as many days as there is room for, the first always", () => {
    expect(labelled(7, 640)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(labelled(28, 640)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
    expect(labelled(90, 200)).toEqual([0, 30, 60]);
    expect(labelled(3, 10)).toEqual([0]);
    expect(labelled(0, 640)).toEqual([]);
  });

  it("has air above the highest bar, and a scale when there is none", () => {
    expect(topOf(0)).toBe(4);
    expect(topOf(100)).toBe(108);
  });
});
