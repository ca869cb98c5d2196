/** The board as the nodes of the canvas; what did not change stays the same object, so that it is not drawn again. */
import type { Card, CardId, Point } from "@usher/api";
import { type Board, CARD_WIDTH, cardName, exitsOf, heightOf, textLines } from "@usher/stream";
import type { Node, NodeHandle } from "@xyflow/react";
import { type CardFindings, errorAt } from "../draft/findings.ts";
import type { CardFigures } from "./figures.ts";

export interface CardData extends Record<string, unknown> {
  card: Card;
  /** What it says, as the canvas shows it. */
  words: string;
  lines: number;
  start: boolean;
  /** The check's sentences about it, and whether one of them is an error. */
  found: { text: string; error: boolean } | null;
  /** Fields of exits at which something must be mended. */
  faulty: string;
  /** The preview waits here, or passed here. */
  trail: "current" | "passed" | null;
  /** Of a search: found, or not. */
  match: boolean | null;
  figures: CardFigures | null;
}
export type CardNodeType = Node<CardData, "card">;

/** What is shown of the cards besides what they are. */
export interface Decoration {
  selected: ReadonlySet<CardId>;
  findings: (id: CardId) => CardFindings;
  words: (card: Card) => string;
  current: CardId | null;
  passed: ReadonlySet<CardId>;
  matches: ReadonlySet<CardId> | null;
  figures: ReadonlyMap<CardId, CardFigures> | null;
}

type Cache = Map<CardId, CardNodeType>;

/** The nodes of the board; `before` are those drawn last. */
export function nodesOf(board: Board, show: Decoration, before: Cache): CardNodeType[] {
  return board.stream.cards.map((card) => {
    const old = before.get(card.id);
    const at = board.layout[card.id] ?? { x: 0, y: 0 };
    const data = dataOf(board, card, show);
    const selected = show.selected.has(card.id);
    if (
      old !== undefined &&
      old.selected === selected &&
      samePlace(old.position, at) &&
      sameData(old.data, data)
    ) {
      return old;
    }
    const kept = old !== undefined && sameData(old.data, data) ? old : undefined;
    return {
      id: card.id,
      type: "card",
      position: at,
      selected,
      data: kept?.data ?? data,
      ...(kept === undefined
        ? shapeOf(card)
        : { width: kept.width, height: kept.height, measured: kept.measured, handles: NO_HANDLES }),
    };
  });
}

/** Connections are drawn by the canvas itself. */
const NO_HANDLES: NodeHandle[] = [];

function shapeOf(card: Card) {
  const size = { width: CARD_WIDTH, height: heightOf(card) };
  return { ...size, measured: size, handles: NO_HANDLES };
}

const samePlace = (a: Point, b: Point) => a.x === b.x && a.y === b.y;

function sameData(a: CardData, b: CardData): boolean {
  return (
    a.card === b.card &&
    a.words === b.words &&
    a.start === b.start &&
    a.trail === b.trail &&
    a.match === b.match &&
    a.figures === b.figures &&
    a.faulty === b.faulty &&
    a.found?.text === b.found?.text &&
    a.found?.error === b.found?.error
  );
}

function dataOf({ stream }: Board, card: Card, show: Decoration): CardData {
  const findings = show.findings(card.id);
  const sentences = [...findings.errors, ...findings.warnings].map((one) => one.message);
  const trail = show.current === card.id ? "current" : show.passed.has(card.id) ? "passed" : null;
  return {
    card,
    words: show.words(card),
    lines: textLines(card),
    start: stream.start === card.id,
    found: sentences.length === 0 ? null : { text: sentences.join(" "), error: findings.errors.length > 0 },
    faulty: exitsOf(card)
      .filter((exit) => errorAt(findings, exit.field) !== undefined)
      .map((exit) => exit.field)
      .join(" "),
    trail,
    match: show.matches === null ? null : show.matches.has(card.id),
    figures: show.figures?.get(card.id) ?? null,
  };
}

/** What a card is called to somebody who does not see it. */
export function spokenName(card: Card, kind: string, found: CardData["found"], start: boolean): string {
  const parts = [kind, cardName(card), start ? "the conversation starts here" : "", found?.text ?? ""];
  return parts.filter((part) => part !== "").join(", ");
}
