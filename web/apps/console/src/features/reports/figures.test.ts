import type { LiveChatFigures } from "@usher/api";
import { expect, it } from "vitest";
import { FIGURES } from "./figures.ts";

const NOTHING: LiveChatFigures = {
  chats: 0,
  timed_out: 0,
  unattended: 0,
  accepted: 0,
  missed: 0,
  declined: 0,
  wait_ms: null,
  first_answer_ms: null,
  length_ms: null,
  score: null,
  rating: null,
  ratings: 0,
};

const texts = (figures: LiveChatFigures) =>
  Object.fromEntries(FIGURES.map((figure) => [figure.key, figure.text(figures)]));

it("writes times in words, and a dash for the mean of nothing", () => {
  expect(texts(NOTHING)).toMatchObject({ chats: "0", wait_ms: "–", score: "–", rating: "–" });
  const some = { ...NOTHING, wait_ms: 110_000, first_answer_ms: 5_000, score: 0, rating: 4, ratings: 2 };
  expect(texts(some)).toMatchObject({
    wait_ms: "2 min",
    first_answer_ms: "5 s",
    score: (0).toLocaleString(undefined, { minimumFractionDigits: 1 }),
    rating: `${(4).toLocaleString(undefined, { minimumFractionDigits: 1 })} (2)`,
  });
});

it("has each figure once", () => {
  const keys = FIGURES.map((figure) => figure.key);
  expect(keys).toEqual([...new Set(keys)]);
});
