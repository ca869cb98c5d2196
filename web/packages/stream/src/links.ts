/** Where cards lead: reading and rewriting the links of a card, whatever its kind. */
import type { Card, CardId, Next } from "@usher/api";

/** One way on from a card, named as in the card's JSON (`next`, `responses/0/next`). */
export interface Exit {
  field: string;
  /** What the author calls it; empty for the one way on of a plain card. */
  label: string;
  next: Next;
}

export function exitsOf(card: Card): Exit[] {
  if (card.kind !== "question") return [{ field: "next", label: "", next: card.next }];
  const responses = card.responses.map((one, index) => ({
    field: `responses/${index}/next`,
    label: one.label,
    next: one.next,
  }));
  return card.free_text === undefined
    ? responses
    : [...responses, { field: "free_text/next", label: "Anything else", next: card.free_text.next }];
}

/** The card with every way on rewritten. */
export function mapExits(card: Card, map: (next: Next) => Next): Card {
  if (card.kind !== "question") return { ...card, next: map(card.next) };
  const responses = card.responses.map((one) => ({ ...one, next: map(one.next) }));
  return card.free_text === undefined
    ? { ...card, responses }
    : { ...card, responses, free_text: { next: map(card.free_text.next) } };
}

/** The way on that all exits share; undefined where they part. */
export function continuation(card: Card): Next | undefined {
  const [first, ...rest] = exitsOf(card);
  if (first === undefined) return null;
  return rest.every((exit) => exit.next === first.next) ? first.next : undefined;
}

/** Cards that some branch reaches from the start. */
export function reachable(stream: { start: CardId; cards: readonly Card[] }): Set<CardId> {
  const byId = new Map(stream.cards.map((card) => [card.id, card]));
  const reached = new Set<CardId>();
  const open = [stream.start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const card = byId.get(id);
    if (card === undefined || reached.has(id)) continue;
    reached.add(id);
    for (const exit of exitsOf(card)) if (exit.next !== null) open.push(exit.next);
  }
  return reached;
}
