/**
 * Edits of the board as pure functions: what is drawn, connected, moved and
 * taken away on the canvas. Whatever the sequence, the board stays sound
 * (`isSound`). Nothing is changed in place.
 */
import type { Card, CardId, CardKind, Next, Point, Stream } from "@usher/api";
import type { Board, Edited, ExitRef } from "./board.ts";
import { freshCard, freshCardId, MAX_CARDS } from "./cards.ts";
import { below, boxes, downFor, freePlace, type Layout, makeRoom, nextColumn, onGrid } from "./layout.ts";
import { continuation, exitsOf, mapExits } from "./links.ts";
import { renamed } from "./renaming.ts";

/** A new card at a place, with nothing that leads to it; the first one starts the conversation. */
export function addCardAt(board: Board, kind: CardKind, at: Point): Edited {
  return insert(board, kind, null, at);
}

/**
 * A new card that the given exit leads to, and that leads on to where the exit
 * led: what follows makes room.
 */
export function addCardOn(board: Board, kind: CardKind, exit: ExitRef, at?: Point): Edited {
  const next = nextOf(board.stream, exit);
  if (next === undefined) return { board, ids: [] };
  const roomy = next === null || at !== undefined ? board : withRoom(board, exit.card, next);
  const wanted = at ?? placeBehind(board, exit, next);
  const made = insert(roomy, kind, next, wanted);
  const id = made.ids[0];
  return id === undefined ? made : { ...made, board: connect(made.board, exit, id) };
}

/**
 * A new card behind another one, as the author would say "and then": between
 * it and the one card it leads to, or behind the branches that end there.
 */
export function addCardAfter(board: Board, kind: CardKind, after: CardId | null): Edited {
  const card = board.stream.cards.find((one) => one.id === after);
  if (card === undefined) return addCardAt(board, kind, below(board.stream, board.layout));
  const exits = exitsOf(card);
  const onward = continuation(card);
  const open = onward === undefined ? exits.filter((exit) => exit.next === null) : exits;
  const first = open[0];
  if (first === undefined) return addCardAt(board, kind, nextColumn(placeOf(board, card.id)));
  const made = addCardOn(board, kind, { card: card.id, field: first.field });
  const id = made.ids[0];
  if (id === undefined) return made;
  const fields = new Set(open.map((exit) => exit.field));
  const leading = mapExits(card, (next, field) => (fields.has(field) ? id : next));
  return { ...made, board: { ...made.board, stream: replaceIn(made.board.stream, leading) } };
}

/** The exit leads to the card, or ends the branch. */
export function connect(board: Board, exit: ExitRef, to: Next): Board {
  const { stream } = board;
  const card = stream.cards.find((one) => one.id === exit.card);
  if (card === undefined || (to !== null && !stream.cards.some((one) => one.id === to))) return board;
  if (!exitsOf(card).some((one) => one.field === exit.field && one.next !== to)) return board;
  const changed = mapExits(card, (next, field) => (field === exit.field ? to : next));
  return { ...board, stream: replaceIn(stream, changed) };
}

/** Replaces a card by an edited one of the same id; links to nowhere become ends. */
export function updateCard(board: Board, card: Card): Board {
  const ids = new Set(board.stream.cards.map((one) => one.id));
  if (!ids.has(card.id)) return board;
  const linked = mapExits(card, (next) => (next !== null && ids.has(next) ? next : null));
  return { ...board, stream: replaceIn(board.stream, linked) };
}

/** Makes the card the first one that is said. */
export function setStart(board: Board, id: CardId): Board {
  const exists = board.stream.cards.some((card) => card.id === id);
  return exists && board.stream.start !== id ? { ...board, stream: { ...board.stream, start: id } } : board;
}

/** Puts a response or a case one place up (-1) or down (1), with where it leads. */
export function moveExit(board: Board, { card: id, field }: ExitRef, by: -1 | 1): Board {
  const card = board.stream.cards.find((one) => one.id === id);
  const index = Number(field.split("/")[1] ?? "NaN");
  if (card?.kind === "question" && field.startsWith("responses/")) {
    return updateCard(board, { ...card, responses: swapped(card.responses, index, by) });
  }
  if (card?.kind === "branch" && field.startsWith("cases/")) {
    return updateCard(board, { ...card, cases: swapped(card.cases, index, by) });
  }
  return board;
}

function swapped<T>(items: T[], index: number, by: number): T[] {
  const [item, other] = [items[index], items[index + by]];
  return item === undefined || other === undefined ? items : items.with(index, other).with(index + by, item);
}

/** Puts cards at other places. */
export function moveCards(board: Board, to: Layout): Board {
  const moved = Object.entries(board.layout).map(([id, at]) => {
    const wanted = Object.hasOwn(to, id) ? to[id] : undefined;
    return [id, wanted === undefined ? at : { x: onGrid(wanted.x), y: onGrid(wanted.y) }] as const;
  });
  const same = moved.every(([id, at]) => at.x === board.layout[id]?.x && at.y === board.layout[id]?.y);
  return same ? board : { ...board, layout: Object.fromEntries(moved) };
}

/** Takes cards out; what led to them leads on to where they led. */
export function removeCards(board: Board, ids: readonly CardId[]): Board {
  const gone = new Set(ids);
  const { stream, layout } = board;
  const kept = stream.cards.filter((card) => !gone.has(card.id));
  if (kept.length === stream.cards.length) return board;
  const onward = (next: Next) => skipping(stream, gone, next);
  const cards = kept.map((card) => mapExits(card, onward));
  const start = cards.length === 0 ? "" : (onward(stream.start) ?? cards[0]?.id ?? "");
  const places = Object.entries(layout).filter(([id]) => !gone.has(id));
  return { stream: { start, cards }, layout: Object.fromEntries(places) };
}

/** The first card on the way from `next` that is not gone; null where the ways part or end. */
function skipping(stream: Stream, gone: ReadonlySet<CardId>, next: Next): Next {
  const met = new Set<CardId>();
  for (let id = next; id !== null && gone.has(id); ) {
    const card = stream.cards.find((one) => one.id === id);
    if (card === undefined || met.has(id)) return null;
    met.add(id);
    id = continuation(card) ?? null;
    if (id === null || !gone.has(id)) return id;
  }
  return next;
}

/** Copies of cards under the originals; links among them are kept, and so are those that lead out. */
export function duplicateCards(board: Board, ids: readonly CardId[]): Edited {
  const cards = board.stream.cards.filter((card) => ids.includes(card.id));
  return put(board, cards, board.layout, { x: 0, y: 0 });
}

/** Cards from elsewhere (`fromText`), around a place; links that lead out of them end. */
export function pasteCards(board: Board, cards: readonly Card[], layout: Layout, at: Point): Edited {
  const ids = new Set(cards.map((card) => card.id));
  const closed = cards.map((card) =>
    mapExits(card, (next) => (next !== null && ids.has(next) ? next : null)),
  );
  const there = boxes(closed, layout);
  if (there.length === 0) return { board, ids: [] };
  const shift = {
    x: at.x - Math.min(...there.map((box) => box.x)),
    y: at.y - Math.min(...there.map((box) => box.y)),
  };
  return put(board, closed, layout, shift);
}

/** Puts cards with fresh ids and titles onto the board, shifted and then down to where nothing is covered. */
function put(board: Board, cards: readonly Card[], layout: Layout, shift: Point): Edited {
  const { stream } = board;
  if (cards.length === 0 || stream.cards.length + cards.length > MAX_CARDS) return { board, ids: [] };
  const fresh = renamed(cards, stream);
  const wanted = boxes(cards, layout).map((box) => ({ ...box, x: box.x + shift.x, y: box.y + shift.y }));
  const down = downFor(boxes(stream.cards, board.layout), wanted);
  const places = fresh.map((card, index) => {
    const box = wanted[index] ?? { x: 0, y: 0 };
    return [card.id, { x: onGrid(box.x), y: onGrid(box.y + down) }] as const;
  });
  const start = stream.cards.length === 0 ? (fresh[0]?.id ?? "") : stream.start;
  return {
    board: {
      stream: { start, cards: [...stream.cards, ...fresh] },
      layout: { ...board.layout, ...Object.fromEntries(places) },
    },
    ids: fresh.map((card) => card.id),
  };
}

function insert(board: Board, kind: CardKind, next: Next, wanted: Point): Edited {
  const { stream, layout } = board;
  if (stream.cards.length >= MAX_CARDS) return { board, ids: [] };
  const card = freshCard(kind, freshCardId(stream, kind), next);
  const at = freePlace(stream, layout, wanted, card);
  const start = stream.cards.length === 0 ? card.id : stream.start;
  return {
    board: {
      stream: { start, cards: [...stream.cards, card] },
      layout: { ...layout, [card.id]: at },
    },
    ids: [card.id],
  };
}

function nextOf(stream: Stream, exit: ExitRef): Next | undefined {
  const card = stream.cards.find((one) => one.id === exit.card);
  return card && exitsOf(card).find((one) => one.field === exit.field)?.next;
}

const placeOf = (board: Board, id: CardId): Point => board.layout[id] ?? { x: 0, y: 0 };

/** A card between two stands where the second stood; one at the end of a branch stands beside its exit. */
function placeBehind(board: Board, exit: ExitRef, next: Next): Point {
  const source = nextColumn(placeOf(board, exit.card));
  if (next === null) return source;
  const target = placeOf(board, next);
  return target.x >= source.x ? { x: source.x, y: target.y } : source;
}

/** What follows moves on, unless it stands before its source, or leaves a column free. */
function withRoom(board: Board, source: CardId, next: CardId): Board {
  const column = nextColumn(placeOf(board, source)).x;
  const { x } = placeOf(board, next);
  const tight = x >= column && x < nextColumn({ x: column, y: 0 }).x;
  return tight ? { ...board, layout: makeRoom(board.stream, board.layout, next) } : board;
}

function replaceIn(stream: Stream, card: Card): Stream {
  return { ...stream, cards: stream.cards.map((one) => (one.id === card.id ? card : one)) };
}
