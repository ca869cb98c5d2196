/** Finding cards by what they are and what they say, and moving from card to card. */
import type { CardId, Stream } from "@usher/api";
import type { Board } from "./board.ts";
import { KIND_NAMES, wordsOf } from "./facts.ts";
import { CARD_WIDTH, heightOf } from "./layout.ts";
import { exitsOf, leadingTo } from "./links.ts";

/** Without case and accents. */
export function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** Cards whose kind or words contain every word of the question, in the author's order. */
export function searchCards(stream: Stream, question: string): CardId[] {
  const wanted = folded(question)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (wanted.length === 0) return [];
  return stream.cards
    .filter((card) => {
      const text = folded([KIND_NAMES[card.kind], card.id, ...wordsOf(card)].join("\n"));
      return wanted.every((word) => text.includes(word));
    })
    .map((card) => card.id);
}

export type Direction = "left" | "right" | "up" | "down";

/**
 * The card to which an arrow key goes: along a connection to the right and to
 * the left, to the nearest one up and down, and wherever there is no connection.
 */
export function neighbour(board: Board, id: CardId, direction: Direction): CardId | null {
  const card = board.stream.cards.find((one) => one.id === id);
  if (card === undefined) return board.stream.cards[0]?.id ?? null;
  const nearest = nearestTowards(board, id, direction);
  if (direction === "right") {
    return exitsOf(card).find((exit) => exit.next !== null && exit.next !== id)?.next ?? nearest;
  }
  if (direction === "left") return leadingTo(board.stream, id).find((one) => one.id !== id)?.id ?? nearest;
  return nearest;
}

function nearestTowards(board: Board, id: CardId, direction: Direction): CardId | null {
  const from = middleOf(board, id);
  const across = direction === "up" || direction === "down";
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  let best: { id: CardId; cost: number } | null = null;
  for (const card of board.stream.cards) {
    if (card.id === id) continue;
    const to = middleOf(board, card.id);
    const ahead = sign * (across ? to.y - from.y : to.x - from.x);
    const aside = Math.abs(across ? to.x - from.x : to.y - from.y);
    const cost = ahead + 3 * aside;
    if (ahead > 0 && (best === null || cost < best.cost)) best = { id: card.id, cost };
  }
  return best?.id ?? null;
}

function middleOf({ stream, layout }: Board, id: CardId): { x: number; y: number } {
  const at = layout[id] ?? { x: 0, y: 0 };
  const card = stream.cards.find((one) => one.id === id);
  return { x: at.x + CARD_WIDTH / 2, y: at.y + (card === undefined ? 0 : heightOf(card) / 2) };
}
