import { describe, expect, it } from "vitest";
import { keyText } from "./Shown.tsx";

describe("keys on the screen", () => {
  it.each([
    ["mod+k", "Ctrl K"],
    ["mod+shift+z", "Ctrl Shift Z"],
    ["arrowright", "→"],
    ["mod+arrowright", "Ctrl →"],
    ["c", "c"],
    ["?", "?"],
    ["+", "+"],
    ["mod++", "Ctrl +"],
  ])("%s is %s", (press, shown) => {
    expect(keyText(press)).toBe(shown);
  });
});
