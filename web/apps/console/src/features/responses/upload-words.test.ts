import type { ResponsesImport } from "@usher/api";
import { expect, test } from "vitest";
import { doneWords, importWords, summaryOf } from "./upload-words.ts";

const told = (counts: Partial<ResponsesImport>): ResponsesImport => ({
  applied: false,
  created: 0,
  changed: 0,
  unchanged: 0,
  rows_refused: 0,
  refused: [],
  ...counts,
});

test.each<[Partial<ResponsesImport>, string, string, string]>([
  [{}, "There is no row in this file.", "Nothing to import", "0 responses imported"],
  [{ created: 1 }, "1 new.", "Import 1 response", "1 response imported"],
  [
    { created: 2, changed: 3, unchanged: 1200, rows_refused: 1 },
    "2 new, 3 changed, 1,200 as they are already, 1 refused.",
    "Import the other 5",
    "5 responses imported; 1 row left out",
  ],
  [
    { changed: 1, rows_refused: 2 },
    "1 changed, 2 refused.",
    "Import the other one",
    "1 response imported; 2 rows left out",
  ],
  [{ unchanged: 4 }, "4 as they are already.", "Nothing to import", "0 responses imported"],
])("%o", (counts, summary, button, done) => {
  expect(summaryOf(told(counts))).toBe(summary);
  expect(importWords(told(counts))).toBe(button);
  expect(doneWords(told(counts))).toBe(done);
});
