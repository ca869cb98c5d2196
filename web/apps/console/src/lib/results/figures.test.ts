import { describe, expect, it } from "vitest";
import { changeText, confidenceText, FIGURES, rateText } from "./figures.ts";

describe("figures", () => {
  it("never divides by nothing", () => {
    expect(rateText(0, 0)).toBe("–");
    expect(rateText(1, 3)).toBe("33 %");
    expect(rateText(1, 40)).toBe("2.5 %");
    expect(rateText(0, 5)).toBe("0 %");
  });

  it("says how sure a rate is", () => {
    expect(confidenceText(0, 0)).toBeNull();
    // Engaged in this period, but shown before it: no share of anything.
    expect(confidenceText(5, 3)).toBeNull();
    expect(confidenceText(50, 100)).toBe("40–60 %");
    expect(confidenceText(0, 10)).toBe("0–28 %");
    expect(confidenceText(5000, 10000)).toBe("49–51 %");
  });

  it("says how a figure moved", () => {
    expect(changeText(0, 0)).toBeNull();
    expect(changeText(3, 0)).toBe("none before");
    expect(changeText(12, 10)).toBe("+20 %");
    expect(changeText(9, 10)).toBe("−10 %");
    expect(changeText(1000, 1001)).toBe("no change");
  });

  it("says of every figure what counts", () => {
    for (const figure of FIGURES) expect(figure.means.length).toBeGreaterThan(40);
  });
});
