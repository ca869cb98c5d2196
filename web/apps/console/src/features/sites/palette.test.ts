import type { Colors } from "@usher/api";
import { describe, expect, it } from "vitest";
import { palette } from "./palette.ts";

const colors: Colors = {
  header: "#1f3a5f",
  header_text: "#ffffff",
  background: "#ffffff",
  bot_bubble: "#eef2f7",
  bot_text: "#16202c",
  visitor_bubble: "#1f5fbf",
  visitor_text: "#ffffff",
  button: "#1f5fbf",
  button_text: "#ffffff",
};

describe("the preview's colours", () => {
  it("are the site's own in the light, and dark surfaces in the dark", () => {
    expect(palette({ colors, theme: "light" }, true).background).toBe("#ffffff");
    expect(palette({ colors, theme: "auto" }, true).background).not.toBe("#ffffff");
    expect(palette({ colors, theme: "dark" }, false).header).toBe("#1f3a5f");
  });

  it("leave a site's own dark colours alone", () => {
    const own = { ...colors, background: "#101010" };
    expect(palette({ colors: own, theme: "dark" }, true).background).toBe("#101010");
  });

  it("make unreadable text readable, as the widget does", () => {
    const weak = { ...colors, button_text: "#2060c0" };
    expect(palette({ colors: weak, theme: "light" }, false).button_text).toBe("#ffffff");
  });
});
