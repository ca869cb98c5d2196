import { expect, it } from "vitest";
import { isFilled, parseValue } from "./values.ts";

it.each([
  ["  Ada ", "text", "Ada"],
  ["", "text", null],
  ["   ", "number", null],
  ["12.5", "currency", 12.5],
  ["twelve", "number", "twelve"],
  ["0", "score", 0],
  ["false", "boolean", false],
  ["2026-11-20", "date", "2026-11-20"],
] as const)("reads %j as %s", (text, type, value) => {
  expect(parseValue(text, type)).toBe(value);
});

it("takes no and zero for known, nothing for unknown", () => {
  expect([false, 0, "x"].every(isFilled)).toBe(true);
  expect([null, undefined, ""].some(isFilled)).toBe(false);
});
