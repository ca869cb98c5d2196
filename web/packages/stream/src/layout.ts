/** Where cards stand on the canvas: sizes, free places, and the arrangement from left to right. */
import { layout as dagreLayout, Graph } from "@dagrejs/dagre";
import type { Card, CardId, Point, Stream } from "@usher/api";
import { gist } from "./facts.ts";
import { exitsOf } from "./links.ts";

export type Layout = Readonly<Record<CardId, Point>>;

/** The canvas draws cards in these sizes (`node.module.css` follows them). */
export const CARD_WIDTH = 264;
const HEAD = 40;
const TEXT_LINE = 18;
const TEXT_ROOM = 12;
const EXIT = 28;
const FOOT = 8;
/** Letters that fit into a line of a card, and lines that are shown. */
const LINE_LETTERS = 36;
export const MAX_LINES = 3;

/** Between columns and rows of cards. */
export const COLUMN_GAP = 88;
export const ROW_GAP = 32;
const STEP = CARD_WIDTH + COLUMN_GAP;
const GRID = 8;

/** How many lines of words the canvas shows of the card. */
export function textLines(card: Card): number {
  return Math.min(MAX_LINES, Math.max(1, Math.ceil(gist(card).length / LINE_LETTERS)));
}

/** One way on without a name of its own: it leaves at the card's head and needs no line. */
export function hasPlainExit(card: Card): boolean {
  return !["question", "meeting", "branch", "ai_answer", "live_chat"].includes(card.kind);
}

/** How high the card is drawn. */
export function heightOf(card: Card): number {
  const rows = hasPlainExit(card) ? 0 : exitsOf(card).length;
  return HEAD + textLines(card) * TEXT_LINE + TEXT_ROOM + (rows === 0 ? 0 : rows * EXIT + FOOT);
}

/** How far below the card's upper edge its connections arrive. */
export const HEAD_MIDDLE = HEAD / 2;

/** How far below the card's upper edge the exit with this index leaves. */
export function exitMiddle(card: Card, index: number): number {
  if (hasPlainExit(card)) return HEAD_MIDDLE;
  const exits = exitsOf(card).length;
  return heightOf(card) - FOOT - (exits - index - 0.5) * EXIT;
}

export const onGrid = (value: number) => Math.round(value / GRID) * GRID;
const pointOnGrid = ({ x, y }: Point): Point => ({ x: onGrid(x), y: onGrid(y) });

/** All cards from left to right in the order of the conversation; cards that nothing leads to stand below. */
export function arrange(stream: Stream): Layout {
  if (stream.cards.length === 0) return {};
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: ROW_GAP, ranksep: COLUMN_GAP, edgesep: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ordered = walkOrder(stream);
  // Names of our own: the arranger keeps them as keys of plain objects, where an id may mean something else.
  const names = new Map(ordered.map((card, index) => [card.id, `card ${index}`]));
  const nameOf = (id: CardId) => names.get(id) ?? "";
  for (const card of ordered) graph.setNode(nameOf(card.id), { width: CARD_WIDTH, height: heightOf(card) });
  for (const [from, to] of forwardLinks(ordered)) graph.setEdge(nameOf(from), nameOf(to));
  dagreLayout(graph);
  return fromCorner(ordered.map((card) => [card, graph.node(nameOf(card.id)) as Point] as const));
}

/** The links without those that lead back, so that what is arranged has no circle. */
function forwardLinks(ordered: readonly Card[]): [CardId, CardId][] {
  const byId = new Map(ordered.map((card) => [card.id, card]));
  const done = new Set<CardId>();
  const links: [CardId, CardId][] = [];
  for (const first of ordered) {
    const line = done.has(first.id) ? [] : [visitOf(first)];
    const onLine = new Set(line.map((one) => one.id));
    for (const visit of line) done.add(visit.id);
    for (let visit = line.at(-1); visit !== undefined; visit = line.at(-1)) {
      const next = visit.ways.shift();
      if (next === undefined) {
        onLine.delete(visit.id);
        line.pop();
        continue;
      }
      const card = byId.get(next);
      if (card === undefined || onLine.has(next)) continue;
      links.push([visit.id, next]);
      if (done.has(next)) continue;
      done.add(next);
      onLine.add(next);
      line.push(visitOf(card));
    }
  }
  return links;
}

const visitOf = (card: Card) => ({
  id: card.id,
  ways: exitsOf(card).flatMap((exit) => (exit.next === null ? [] : [exit.next])),
});

/** The arranger gives middles; places are upper left corners, the first of all at the origin. */
function fromCorner(middles: (readonly [Card, Point])[]): Layout {
  const corners = middles.map(
    ([card, at]) => [card.id, { x: at.x - CARD_WIDTH / 2, y: at.y - heightOf(card) / 2 }] as const,
  );
  const left = Math.min(...corners.map(([, at]) => at.x));
  const top = Math.min(...corners.map(([, at]) => at.y));
  return Object.fromEntries(corners.map(([id, at]) => [id, pointOnGrid({ x: at.x - left, y: at.y - top })]));
}

/** The cards as a visitor would meet them, breadth first; then those that nobody meets. */
export function walkOrder(stream: Stream): Card[] {
  const byId = new Map(stream.cards.map((card) => [card.id, card]));
  const met = new Set<CardId>();
  const ordered: Card[] = [];
  for (const first of [stream.start, ...stream.cards.map((card) => card.id)]) {
    const line = [first];
    for (let id = line.shift(); id !== undefined; id = line.shift()) {
      const card = byId.get(id);
      if (card === undefined || met.has(id)) continue;
      met.add(id);
      ordered.push(card);
      line.push(...exitsOf(card).flatMap((exit) => (exit.next === null ? [] : [exit.next])));
    }
  }
  return ordered;
}

/** The given places, completed: a card without one stands behind the card that leads to it. */
export function placesOf(stream: Stream, given: Layout): Layout {
  const known = stream.cards.flatMap((card) => {
    const at = Object.hasOwn(given, card.id) ? given[card.id] : undefined;
    return isPlace(at) ? ([[card.id, at]] as const) : [];
  });
  if (known.length === 0) return arrange(stream);
  let places: Layout = Object.fromEntries(known);
  if (known.length === stream.cards.length) return places;
  for (const card of walkOrder(stream)) {
    if (Object.hasOwn(places, card.id)) continue;
    const at = freePlace(stream, places, behind(stream, places, card.id), card);
    places = Object.fromEntries([...Object.entries(places), [card.id, at]]);
  }
  return places;
}

export function isPlace(at: Point | undefined): at is Point {
  return at !== undefined && Number.isFinite(at.x) && Number.isFinite(at.y);
}

/** Beside the first card that leads here; below everything where none does. */
function behind(stream: Stream, places: Layout, id: CardId): Point {
  const source = stream.cards.find(
    (card) => places[card.id] !== undefined && exitsOf(card).some((exit) => exit.next === id),
  );
  const at = source && places[source.id];
  return at === undefined ? below(stream, places) : { x: at.x + STEP, y: at.y };
}

/** Under all cards, at their left edge. */
export function below(stream: Stream, places: Layout): Point {
  const boxes = boxesOf(stream, places);
  if (boxes.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...boxes.map((box) => box.x)),
    y: Math.max(...boxes.map((box) => box.y + box.height)) + ROW_GAP,
  };
}

interface Box extends Point {
  height: number;
}

function boxesOf(stream: Stream, places: Layout): Box[] {
  return stream.cards.flatMap((card) => {
    const at = places[card.id];
    return at === undefined ? [] : [{ ...at, height: heightOf(card) }];
  });
}

/** The wanted place, or the first one below it where the card covers no other. */
export function freePlace(stream: Stream, places: Layout, wanted: Point, card: Card): Point {
  const boxes = boxesOf(stream, places);
  return pointOnGrid({ x: wanted.x, y: wanted.y + downFor(boxes, [{ ...wanted, height: heightOf(card) }]) });
}

/** By how much a group must move down, so that none of it covers a card that is there. */
export function downFor(there: readonly Box[], group: readonly Box[]): number {
  for (let down = 0; ; ) {
    const over = there.filter((box) => group.some((one) => covers({ ...one, y: one.y + down }, box)));
    if (over.length === 0) return down;
    const top = Math.min(...group.map((one) => one.y + down));
    const bottom = Math.max(...over.map((box) => box.y + box.height));
    down += Math.max(GRID, bottom + ROW_GAP / 2 - top);
  }
}

function covers(one: Box, other: Box): boolean {
  const aside = Math.abs(one.x - other.x) >= CARD_WIDTH + GRID;
  const apart = one.y + one.height + GRID <= other.y || other.y + other.height + GRID <= one.y;
  return !aside && !apart;
}

/** The places of a group as boxes. */
export function boxes(cards: readonly Card[], places: Layout): Box[] {
  return boxesOf({ start: "", cards: [...cards] }, places);
}

/** Where a card stands that comes after another one. */
export function nextColumn(at: Point): Point {
  return { x: at.x + STEP, y: at.y };
}

/** Moves the card, and what follows it to its right, one column on. */
export function makeRoom(stream: Stream, layout: Layout, first: CardId): Layout {
  const from = layout[first];
  if (from === undefined) return layout;
  const follows = followers(stream, first);
  return Object.fromEntries(
    Object.entries(layout).map(([id, at]) => [
      id,
      follows.has(id) && at.x >= from.x ? { x: at.x + STEP, y: at.y } : at,
    ]),
  );
}

function followers(stream: Stream, first: CardId): Set<CardId> {
  const byId = new Map(stream.cards.map((card) => [card.id, card]));
  const met = new Set<CardId>();
  const open = [first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (met.has(id)) continue;
    met.add(id);
    for (const exit of exitsOf(byId.get(id) ?? NOWHERE)) if (exit.next !== null) open.push(exit.next);
  }
  return met;
}

const NOWHERE: Card = { id: "", kind: "jump", to: null };
