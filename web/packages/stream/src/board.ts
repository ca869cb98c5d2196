/** What the canvas edits: the stream, and where its cards stand. */
import type { CardId, Stream } from "@usher/api";
import { isPlace, type Layout, placesOf } from "./layout.ts";
import { exitsOf } from "./links.ts";

export interface Board {
  stream: Stream;
  /** A place for every card, and for nothing else. */
  layout: Layout;
}

/** What an edit leads to: the board, and the cards to look at now. */
export interface Edited {
  board: Board;
  ids: CardId[];
}

/** A way on from a card, by the name of its field (`responses/0/next`). */
export interface ExitRef {
  card: CardId;
  field: string;
}

export const EMPTY_BOARD: Board = { stream: { start: "", cards: [] }, layout: {} };

/** The board of a draft; cards without a place get one. */
export function boardOf(stream: Stream, layout: Layout | undefined): Board {
  return { stream, layout: placesOf(stream, layout ?? {}) };
}

/**
 * What makes a board sound: unique ids, no link into nothing, a start that
 * exists, a place for each card and for nothing else.
 */
export function isSound({ stream, layout }: Board): boolean {
  const ids = new Set(stream.cards.map((card) => card.id));
  const linked = stream.cards.every((card) =>
    exitsOf(card).every((exit) => exit.next === null || ids.has(exit.next)),
  );
  const started = stream.cards.length === 0 ? stream.start === "" : ids.has(stream.start);
  const placed = Object.keys(layout).length === ids.size && [...ids].every((id) => isPlace(layout[id]));
  return ids.size === stream.cards.length && linked && started && placed;
}
