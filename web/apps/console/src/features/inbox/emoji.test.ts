import { expect, it } from "vitest";
import { EMOJI, findEmoji } from "./emoji.ts";

it("has each sign once, with words to find it by", () => {
  expect(new Set(EMOJI.map((one) => one.sign)).size).toBe(EMOJI.length);
  expect(EMOJI.every((one) => /^\p{Emoji}/u.test(one.sign) && /^[a-z -]+$/.test(one.words))).toBe(true);
});

it("finds by the beginnings of words, and everything when nothing is typed", () => {
  expect(findEmoji("thu up").map((one) => one.sign)).toEqual(["👍"]);
  expect(findEmoji("HEART bl").map((one) => one.sign)).toEqual(["💙"]);
  expect(findEmoji("  ")).toHaveLength(EMOJI.length);
  expect(findEmoji("xyzzy")).toEqual([]);
});
