import type { Offer } from "@usher/api";
import { expect, it } from "vitest";
import { open, secondsLeft, withOffer, withoutOffer } from "./offers.ts";

const AT = Date.parse("2026-11-28T15:00:00.000Z");
const offer = (chat_id: string, seconds: number): Offer => ({
  chat_id,
  conversation_id: `cnv_${chat_id}`,
  role: "owner",
  answer_by: new Date(AT + seconds * 1000).toISOString(),
  seconds: 100,
  note: null,
  from: null,
  person: { id: "per_1", name: null, email: null, company: null },
  page_url: "https://example.com/",
  site_name: "Site",
  dialogue_name: "Welcome",
  said: [],
});

it("counts down to nothing, by the server's clock, and never from more than there was", () => {
  expect(secondsLeft(offer("a", 100), AT)).toBe(100);
  expect(secondsLeft(offer("a", 100), AT + 400)).toBe(100);
  expect(secondsLeft(offer("a", 100), AT + 99_001)).toBe(1);
  expect(secondsLeft(offer("a", 100), AT + 500_000)).toBe(0);
  // The clock of this browser is late.
  expect(secondsLeft(offer("a", 100), AT - 60_000)).toBe(100);
});

it("keeps one offer a chat, the most urgent first", () => {
  const two = withOffer(withOffer([], offer("late", 90)), offer("soon", 20));
  expect(two.map((one) => one.chat_id)).toEqual(["soon", "late"]);
  const again = withOffer(two, offer("soon", 95));
  expect(again.map((one) => one.chat_id)).toEqual(["late", "soon"]);
  expect(withoutOffer(again, "late").map((one) => one.chat_id)).toEqual(["soon"]);
});

it("does not show what can no longer be answered", () => {
  expect(open([offer("gone", 10), offer("there", 50)], AT + 20_000).map((one) => one.chat_id)).toEqual([
    "there",
  ]);
});
