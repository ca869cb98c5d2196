import { describe, expect, it } from "vitest";
import { doubled, percent } from "./import-words.ts";

const progress = {
  bytes: 50,
  rows: 1,
  created: 1,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  rows_per_second: 1,
  seconds_left: 1,
};

describe("percent", () => {
  it("follows the bytes and never passes the end", () => {
    expect(percent({ size_bytes: 200, progress, state: "running" })).toBe(25);
    expect(percent({ size_bytes: 40, progress, state: "running" })).toBe(100);
  });
  it("is whole when the import is done, and nothing for an empty file", () => {
    expect(percent({ size_bytes: 200, progress, state: "done" })).toBe(100);
    expect(percent({ size_bytes: 0, progress, state: "uploaded" })).toBe(0);
  });
});

it("finds attributes that two columns would write", () => {
  expect([...doubled({ Mail: "person.email", "E-Mail": "person.email", Note: null, Other: null })]).toEqual([
    "person.email",
  ]);
});
