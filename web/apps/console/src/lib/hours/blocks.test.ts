import { expect, test } from "vitest";
import { blocksText, extraDaysText, parseBlocks, parseExtraDays } from "./blocks.ts";

test("blocks are read as people write them", () => {
  expect(parseBlocks("9-12, 13:30–17")).toEqual([
    { from: "09:00", to: "12:00" },
    { from: "13:30", to: "17:00" },
  ]);
  expect(parseBlocks("22:00-6")).toEqual([{ from: "22:00", to: "06:00" }]);
  expect(parseBlocks("0-24")).toEqual([{ from: "00:00", to: "24:00" }]);
  expect(parseBlocks("  ")).toEqual([]);
  for (const wrong of ["9", "nine to five", "9-25", "9:70-10", "24:30-1"]) {
    expect(parseBlocks(wrong), wrong).toBeNull();
  }
});

test("what is shown is read again as the same", () => {
  const blocks = [
    { from: "09:00", to: "12:00" },
    { from: "22:00", to: "06:00" },
  ];
  expect(parseBlocks(blocksText(blocks))).toEqual(blocks);
  const days = [{ date: "2026-12-05", blocks }];
  expect(parseExtraDays(extraDaysText(days))).toEqual(days);
  for (const wrong of ["2026-12-05", "5.12.2026 9-10", "2026-12-05 later"]) {
    expect(parseExtraDays(wrong), wrong).toBeNull();
  }
});
