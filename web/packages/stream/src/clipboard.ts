/**
 * Cards as text for the clipboard: JSON that reads well, with rich text in
 * light marks, and that can be pasted into another dialogue. What is read was
 * written anywhere: nothing but sound cards comes out.
 */
import type { Card, CardId } from "@usher/api";
import type { Board } from "./board.ts";
import { freshCard, MAX_CARDS } from "./cards.ts";
import { same } from "./difference.ts";
import { type Layout, placesOf } from "./layout.ts";
import { mapExits } from "./links.ts";
import { fromMarks, toMarks } from "./marks.ts";
import { readCard, readPlaces } from "./reading.ts";

const MARK = "cards";

export interface Copied {
  cards: Card[];
  layout: Layout;
}

/** The cards as text; links that lead out of them are left behind. */
export function toText({ stream, layout }: Board, ids: readonly CardId[]): string {
  const cards = stream.cards.filter((card) => ids.includes(card.id));
  const inside = new Set(cards.map((card) => card.id));
  const closed = cards.map((card) =>
    mapExits(card, (next) => (next !== null && inside.has(next) ? next : null)),
  );
  const places = cards.map((card) => [card.id, layout[card.id] ?? { x: 0, y: 0 }] as const);
  const content = { usher: MARK, cards: closed.map(written), layout: Object.fromEntries(places) };
  return JSON.stringify(content, null, 2);
}

/** Rich text as marks, where nothing of it is lost by that. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return value;
  if ("blocks" in value) {
    const text = value as Parameters<typeof toMarks>[0];
    const marks = toMarks(text);
    return same(fromMarks(marks), text) ? marks : value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]));
}

/** The cards in a text; null when there are none in it. */
export function fromText(text: string): Copied | null {
  const content = parsed(text);
  if (content?.usher !== MARK || !Array.isArray(content.cards)) return null;
  const met = new Set<CardId>();
  const cards = content.cards.slice(0, MAX_CARDS).flatMap((one: unknown) => {
    const card = readCard(one);
    if (card === null || met.has(card.id)) return [];
    met.add(card.id);
    return [card];
  });
  if (cards.length === 0) return null;
  const first = cards[0]?.id ?? "";
  return { cards, layout: placesOf({ start: first, cards }, readPlaces(content.layout)) };
}

/** Any other text, as a message that says it; null when it is empty. */
export function fromProse(text: string): Copied | null {
  const words = fromMarks(text.slice(0, LONGEST));
  if (words.blocks.length === 0) return null;
  const card: Card = { ...freshCard("message", "message-1", null), text: words } as Card;
  return { cards: [card], layout: { "message-1": { x: 0, y: 0 } } };
}

const LONGEST = 4_000;

function parsed(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
