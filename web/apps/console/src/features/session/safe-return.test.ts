import { expect, it } from "vitest";
import { safeReturn } from "./safe-return.ts";

it.each([
  ["/people?q=ada", "/people?q=ada"],
  [undefined, "/"],
  ["", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/sign-in?return=/people", "/"],
])("after sign-in, %s leads to %s", (wanted, expected) => {
  expect(safeReturn(wanted)).toBe(expected);
});
