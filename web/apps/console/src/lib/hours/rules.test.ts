import { expect, it } from "vitest";
import { lengthsOf, notice, noticeOf } from "./rules.ts";

it("takes whole minutes, each once, in the order in which they were typed", () => {
  expect(lengthsOf(["30", " 15 ", "x", "30", "0", "-5", "7.5", "60"])).toEqual([30, 15, 60]);
});

it("shows the notice in hours and stores it in minutes", () => {
  const rules = { lengths: [30], buffer_before: 0, buffer_after: 0, horizon_days: 30 };
  for (const [minutes, hours] of [
    [1440, 24],
    [90, 1.5],
    [20, 0.33],
    [0, 0],
  ] as const) {
    expect(notice({ ...rules, notice: minutes })).toBe(hours);
  }
  expect(noticeOf(1.5)).toBe(90);
  expect(noticeOf(0.33)).toBe(20);
});
