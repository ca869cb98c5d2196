import fc from "fast-check";
import { expect, it } from "vitest";
import { backoff } from "./backoff.ts";

it("waits between half a second and half a minute, and never less than the server asks", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, dice) => {
        const wait = backoff(failures, 0, () => dice);
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(30_000);
        expect(backoff(failures, 60, () => dice)).toBe(60_000);
      },
    ),
  );
});

it("spreads the attempts wider with every failure", () => {
  const longest = [1, 2, 3, 4, 5, 6, 7].map((failures) => backoff(failures, 0, () => 1));
  expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});
