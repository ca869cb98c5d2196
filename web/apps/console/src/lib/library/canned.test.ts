import type { CannedResponse } from "@usher/api";
import { expect, it } from "vitest";
import { matching, typedShortcut } from "./canned.ts";

const canned = (shortcut: string, text: string): CannedResponse => ({
  id: shortcut,
  shortcut,
  text,
  shared: true,
  updated_at: "2026-11-28T00:00:00Z",
  version: 1,
});
const ALL = [
  canned("bye", "Have a nice day"),
  canned("hours", "We are here from nine to five"),
  canned("later", "Good-bye for today"),
  canned("opening-hours", "Weekdays"),
  canned("über", "About us"),
];

it.each([
  ["", ["bye", "hours", "later", "opening-hours", "über"]],
  ["hou", ["hours", "opening-hours"]],
  ["BYE", ["bye", "later"]],
  ["day", ["bye", "later", "opening-hours"]],
  ["uber", ["über"]],
  ["nothing", []],
])("finds by shortcut first, then by text: %j", (typed, expected) => {
  expect(matching(ALL, typed).map((one) => one.shortcut)).toEqual(expected);
});

it.each([
  ["/", ""],
  ["/hou", "hou"],
  ["/über", "über"],
  ["", null],
  ["hours", null],
  ["/hours and more", null],
  ["and/or", null],
  ["/a\nb", null],
])("is asked for by a slash that begins the words: %j", (words, expected) => {
  expect(typedShortcut(words)).toBe(expected);
});
