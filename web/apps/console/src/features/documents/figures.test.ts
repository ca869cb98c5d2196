import { expect, test } from "vitest";
import { pageLine, pagesText, percent } from "./figures.ts";

test.each([
  [[], "–"],
  [[4], "4"],
  [[3, 1, 2, 7], "1–3, 7"],
  [[1, 2, 2, 3], "1–3"],
])("pages %j are said as %s", (pages, text) => {
  expect(pagesText(pages)).toBe(text);
});

test("an unknown share is a dash", () => {
  expect(percent(null)).toBe("–");
  expect(percent(0.75)).toMatch(/^75\s?%$/);
});

test("a page is told by its time and who saw it", () => {
  expect(pageLine({ page: 2, views: 1, average_seconds: 4 }, 3)).toBe("Page 2: 4 s, seen in 1 opening of 3");
  expect(pageLine({ page: 3, views: 0, average_seconds: null }, 3)).toBe(
    "Page 3: –, seen in 0 openings of 3",
  );
});
