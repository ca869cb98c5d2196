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
  switch (card.kind) {
    case "question": {
      const responses = card.responses.map((one, index) => ({
        field: `responses/${index}/next`,
        label: one.label,
        next: one.next,
      }));
      return card.free_text === undefined
        ? responses
        : [...responses, { field: "free_text/next", label: "Anything else", next: card.free_text.next }];
    }
    case "meeting":
      return [
        { field: "booked", label: "Booked", next: card.booked },
        { field: "not_booked", label: "Not booked", next: card.not_booked },
      ];
    case "branch": {
      const cases = card.cases.map((one, index) => ({
        field: `cases/${index}/next`,
        label: one.name,
        next: one.next,
      }));
      return [...cases, { field: "otherwise", label: "Otherwise", next: card.otherwise }];
    }
    case "ai_answer":
      return [
        { field: "next", label: "Answered", next: card.next },
        { field: "not_answered", label: "No answer", next: card.not_answered },
      ];
    case "jump":
      return [{ field: "to", label: "", next: card.to }];
    case "live_chat":
      return [];
    default:
      return [{ field: "next", label: "", next: card.next }];
  }
}

/** The card with every way on rewritten; `map` is also told the field of each. */
export function mapExits(card: Card, map: (next: Next, field: string) => Next): Card {
  switch (card.kind) {
    case "question": {
      const responses = card.responses.map((one, index) => ({
        ...one,
        next: map(one.next, `responses/${index}/next`),
      }));
      return card.free_text === undefined
        ? { ...card, responses }
        : { ...card, responses, free_text: { next: map(card.free_text.next, "free_text/next") } };
    }
    case "meeting":
      return {
        ...card,
        booked: map(card.booked, "booked"),
        not_booked: map(card.not_booked, "not_booked"),
      };
    case "branch": {
      const cases = card.cases.map((one, index) => ({ ...one, next: map(one.next, `cases/${index}/next`) }));
      return { ...card, cases, otherwise: map(card.otherwise, "otherwise") };
    }
    case "ai_answer":
      return {
        ...card,
        next: map(card.next, "next"),
        not_answered: map(card.not_answered, "not_answered"),
      };
    case "jump":
      return { ...card, to: map(card.to, "to") };
    case "live_chat":
      return card;
    default:
      return { ...card, next: map(card.next, "next") };
  }
}

/** Cards that lead to this one, in the author's order. */
export function leadingTo(stream: { cards: readonly Card[] }, id: CardId): Card[] {
  return stream.cards.filter((card) => exitsOf(card).some((exit) => exit.next === id));
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
