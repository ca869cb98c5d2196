import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { config } from "../testing/server.ts";
import { contrast, legible, palette } from "./colors.ts";

describe("colours", () => {
  it("computes the contrast that WCAG defines", () => {
    expect(contrast("#000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it("keeps a text colour that can be read and replaces one that cannot, on any ground", () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, "0")}`);
    fc.assert(
      fc.property(hex, hex, (text, ground) => {
        const drawn = legible(text, ground);
        expect(contrast(drawn, ground)).toBeGreaterThanOrEqual(4.5);
        if (contrast(text, ground) >= 4.5) expect(drawn).toBe(text);
      }),
    );
  });

  it("goes dark only when asked, and leaves a site's own dark colours alone", () => {
    const own = config.colors;
    expect(palette(own, false).background).toBe("#ffffff");
    expect(palette(own, true).scheme).toBe("dark");
    const night = { ...own, background: "#101010", bot_text: "#fafafa" };
    expect(palette(night, true).background).toBe("#101010");
    expect(palette(night, false).scheme).toBe("dark");
  });
});
