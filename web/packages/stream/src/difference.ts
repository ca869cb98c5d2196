/** What differs between two streams, card by card, for whoever publishes the second. */
import type { Card, RichText, Stream } from "@usher/api";

export interface CardChange {
  id: string;
  change: "added" | "changed" | "removed";
  /** What authors call the card, or what it says. */
  name: string;
  before: string | null;
  after: string | null;
}

export function difference(before: Stream, after: Stream): CardChange[] {
  const old = new Map(before.cards.map((card) => [card.id, card]));
  const present = new Set(after.cards.map((card) => card.id));
  const changes = after.cards.flatMap((card): CardChange[] => {
    const was = old.get(card.id);
    if (was === undefined) return [entry("added", null, card)];
    return same(was, card) ? [] : [entry("changed", was, card)];
  });
  const removed = before.cards.filter((card) => !present.has(card.id));
  return [...changes, ...removed.map((card) => entry("removed", card, null))];
}

function entry(change: CardChange["change"], before: Card | null, after: Card | null): CardChange {
  const card = after ?? before;
  return {
    id: card?.id ?? "",
    change,
    name: card === null ? "" : cardName(card),
    before: before && wordsOf(before),
    after: after && wordsOf(after),
  };
}

/** Deeply equal; keys that are not set do not count. */
export function same(a: unknown, b: unknown): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)));
  });
}

/** The card's title, or the beginning of what it says. */
export function cardName(card: Card): string {
  const title = card.title?.trim();
  if (title) return title;
  const words = (card.kind === "goal" ? card.goal : textOf(card.text)).replaceAll(/\s+/g, " ").trim();
  return words.length > 80 ? `${words.slice(0, 79)}…` : words;
}

export function textOf(text: RichText): string {
  const line = (spans: { text: string }[]) => spans.map((span) => span.text).join("");
  return text.blocks
    .map((block) => (block.type === "paragraph" ? line(block.spans) : block.items.map(line).join("\n")))
    .join("\n");
}

/** Everything that a visitor could read of the card. */
function wordsOf(card: Card): string {
  if (card.kind === "goal") return card.goal;
  const text = textOf(card.text);
  if (card.kind === "question") return [text, ...card.responses.map((one) => `· ${one.label}`)].join("\n");
  if (card.kind === "info_capture") return [text, ...card.fields.map((one) => `· ${one.label}`)].join("\n");
  return text;
}
