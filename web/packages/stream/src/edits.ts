/**
 * Edits of a stream as pure functions. Whatever the sequence, ids stay unique,
 * every link leads to a card that exists, and the start is a card (or "" while
 * there is none). Nothing is changed in place.
 */
import type { Card, CardId, CardKind, Next, Stream } from "@usher/api";
import { freshCard, freshCardId, freshId, MAX_CARDS } from "./cards.ts";
import { continuation, exitsOf, mapExits } from "./links.ts";

export const EMPTY_STREAM: Stream = { start: "", cards: [] };

/** What an edit leads to: the stream, and the card to look at now. */
export interface Edited {
  stream: Stream;
  id: CardId | null;
}

/**
 * Puts a new card below `after` (null: at the end) and into the conversation:
 * it comes after that card, and leads where that card led. Below a card that
 * branches it takes up the branches that end there.
 */
export function addCard(stream: Stream, kind: CardKind, after: CardId | null): Edited {
  if (stream.cards.length >= MAX_CARDS) return { stream, id: null };
  const id = freshCardId(stream, kind);
  const at = after === null ? stream.cards.length - 1 : indexOf(stream, after);
  const before = stream.cards[at];
  const onward = before === undefined ? null : (continuation(before) ?? null);
  const card = freshCard(kind, id, onward);
  return { stream: insert(linkFrom(stream, before, id), card, at + 1), id };
}

/** Puts a copy right below the card; both say the same, one after the other. */
export function duplicateCard(stream: Stream, id: CardId): Edited {
  const at = indexOf(stream, id);
  const original = stream.cards[at];
  if (original === undefined || stream.cards.length >= MAX_CARDS) return { stream, id: null };
  const copyId = freshCardId(stream, original.kind);
  const copy: Card = { ...structuredClone(original), id: copyId };
  if (original.title !== undefined && original.title !== "") {
    const titles = stream.cards.flatMap((card) => card.title ?? []);
    copy.title = freshId(original.title, [...titles, `${original.title}-1`]);
  }
  const linked =
    original.kind === "question" ? stream : replace(stream, mapExits(original, () => copyId) as Card);
  return { stream: insert(linked, copy, at + 1), id: copyId };
}

/** Takes a card out; what led to it leads on to where it led. */
export function removeCard(stream: Stream, id: CardId): Edited {
  const at = indexOf(stream, id);
  const card = stream.cards[at];
  if (card === undefined) return { stream, id: null };
  const cards = bypass(stream, card).cards.filter((one) => one.id !== id);
  const onward = onwardOf(card);
  const start = stream.start === id ? (onward ?? cards[0]?.id ?? "") : stream.start;
  return { stream: { start, cards }, id: (cards[at] ?? cards[at - 1])?.id ?? null };
}

/**
 * Moves a card to another place of the author's order. A card with one way on
 * moves in the conversation, too: moved up it comes before the card that is now
 * below it, moved down after the card that is now above it. A card that
 * branches keeps its links.
 */
export function moveCard(stream: Stream, id: CardId, to: number): Stream {
  const from = indexOf(stream, id);
  const card = stream.cards[from];
  const goal = Math.max(0, Math.min(to, stream.cards.length - 1));
  if (card === undefined || goal === from) return stream;
  const without = stream.cards.filter((one) => one.id !== id);
  if (continuation(card) === undefined) return { ...stream, cards: without.toSpliced(goal, 0, card) };

  const out = removeCard(stream, id).stream;
  const above = out.cards[goal - 1];
  const below = out.cards[goal];
  const single = above !== undefined && continuation(above) !== undefined;
  if (below !== undefined && (goal < from || !single)) {
    const leading = withLinks(out, below.id, card.id);
    const start = out.start === below.id ? card.id : out.start;
    return { start, cards: leading.cards.toSpliced(goal, 0, leadTo(card, below.id)) };
  }
  const onward = above === undefined ? null : (continuation(above) ?? null);
  return insert(linkFrom(out, above, card.id), leadTo(card, onward), goal);
}

/** Replaces a card by an edited one of the same id; links to nowhere become ends. */
export function updateCard(stream: Stream, card: Card): Stream {
  const ids = new Set(stream.cards.map((one) => one.id));
  return replace(
    stream,
    mapExits(card, (next) => (next !== null && ids.has(next) ? next : null)),
  );
}

/** Makes the card the first one that is said. */
export function setStart(stream: Stream, id: CardId): Stream {
  return stream.cards.some((card) => card.id === id) ? { ...stream, start: id } : stream;
}

/** What makes a stream sound: unique ids, no link into nothing, a start that exists. */
export function isSound(stream: Stream): boolean {
  const ids = new Set(stream.cards.map((card) => card.id));
  const linked = stream.cards.every((card) =>
    exitsOf(card).every((exit) => exit.next === null || ids.has(exit.next)),
  );
  const started = stream.cards.length === 0 ? stream.start === "" : ids.has(stream.start);
  return ids.size === stream.cards.length && linked && started;
}

function indexOf(stream: Stream, id: CardId): number {
  return stream.cards.findIndex((card) => card.id === id);
}

function replace(stream: Stream, card: Card): Stream {
  return { ...stream, cards: stream.cards.map((one) => (one.id === card.id ? card : one)) };
}

function insert(stream: Stream, card: Card, at: number): Stream {
  const start = stream.cards.length === 0 ? card.id : stream.start;
  return { start, cards: stream.cards.toSpliced(at, 0, card) };
}

/** Where what led to the card leads without it; a card that led to itself ends. */
function onwardOf(card: Card): Next {
  const onward = continuation(card) ?? null;
  return onward === card.id ? null : onward;
}

function bypass(stream: Stream, card: Card): Stream {
  return withLinks(stream, card.id, onwardOf(card));
}

/** Every link to `from` leads to `to` instead. */
function withLinks(stream: Stream, from: CardId, to: Next): Stream {
  const cards = stream.cards.map((one) => mapExits(one, (next) => (next === from ? to : next)));
  return { ...stream, cards };
}

/** The card leads to `next` by all its ways. */
function leadTo(card: Card, next: Next): Card {
  return mapExits(card, () => next);
}

/** `before` leads to `id`: by its one way, or by those of its branches that end. */
function linkFrom(stream: Stream, before: Card | undefined, id: CardId): Stream {
  if (before === undefined) return stream;
  const single = continuation(before) !== undefined;
  return replace(
    stream,
    mapExits(before, (next) => (single || next === null ? id : next)),
  );
}
