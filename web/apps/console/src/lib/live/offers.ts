import type { Offer } from "@usher/api";

/** The offers with this one, the most urgent first; the latest word on a chat counts. */
export function withOffer(offers: readonly Offer[], offer: Offer): Offer[] {
  return [...withoutOffer(offers, offer.chat_id), offer].sort((a, b) =>
    a.answer_by.localeCompare(b.answer_by),
  );
}

export function withoutOffer(offers: readonly Offer[], chat: string): Offer[] {
  return offers.filter((one) => one.chat_id !== chat);
}

/** Whole seconds that are left at `now` (the server's clock, in milliseconds); never more than there were. */
export function secondsLeft(offer: Pick<Offer, "answer_by" | "seconds">, now: number): number {
  const left = Math.ceil((Date.parse(offer.answer_by) - now) / 1000);
  return Math.max(0, Math.min(offer.seconds, left));
}

/** Those that can still be answered. */
export function open(offers: readonly Offer[], now: number): Offer[] {
  return offers.filter((one) => secondsLeft(one, now) > 0);
}
