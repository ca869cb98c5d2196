/** What differs between two streams, card by card, for whoever publishes the second. */
import type { Card, CardId, CardKind, Next, Stream } from "@usher/api";
import { cardName, type Fact, factsOf, KIND_NAMES } from "./facts.ts";

/** A line about a card, before and after; null where it is not there. */
export interface FactChange {
  label: string;
  about: "words" | "way" | "setting";
  before: string | null;
  after: string | null;
}

export interface CardChange {
  id: CardId;
  kind: CardKind;
  change: "added" | "changed" | "removed";
  /** What authors call the card, or what it says. */
  name: string;
  /** Only what differs; never empty. */
  facts: FactChange[];
}

export function difference(before: Stream, after: Stream): CardChange[] {
  const [nameBefore, nameAfter] = [namesOf(before), namesOf(after)];
  const old = new Map(before.cards.map((card) => [card.id, card]));
  const present = new Set(after.cards.map((card) => card.id));
  const changes = after.cards.flatMap((card): CardChange[] => {
    const was = old.get(card.id);
    if (was === undefined) return [entry("added", card, compare(null, card, nameBefore, nameAfter))];
    if (same(was, card)) return [];
    return [entry("changed", card, compare(was, card, nameBefore, nameAfter))];
  });
  const removed = before.cards.filter((card) => !present.has(card.id));
  return [
    ...changes,
    ...removed.map((card) => entry("removed", card, compare(card, null, nameBefore, nameAfter))),
  ];
}

function entry(change: CardChange["change"], card: Card, facts: FactChange[]): CardChange {
  return { id: card.id, kind: card.kind, change, name: cardName(card) || KIND_NAMES[card.kind], facts };
}

/** How a card is called where another leads to it. */
export function namesOf(stream: Stream): (next: Next) => string {
  const names = new Map(stream.cards.map((card) => [card.id, cardName(card) || KIND_NAMES[card.kind]]));
  return (next) => (next === null ? "the conversation ends" : (names.get(next) ?? next));
}

type Names = (next: Next) => string;

function compare(was: Card | null, now: Card | null, oldName: Names, newName: Names): FactChange[] {
  const before = was === null ? [] : factsOf(was, oldName);
  const after = now === null ? [] : factsOf(now, newName);
  const keys = [...new Set([...after, ...before].map((fact) => fact.key))];
  const changes = keys.flatMap((key): FactChange[] => {
    const [a, b] = [before.find((fact) => fact.key === key), after.find((fact) => fact.key === key)];
    const fact = b ?? a;
    if (fact === undefined || comparable(a) === comparable(b)) return [];
    return [{ label: fact.label, about: fact.about, before: a?.value ?? null, after: b?.value ?? null }];
  });
  return changes.length > 0 ? changes : [INNER];
}

const comparable = (fact: Fact | undefined) => fact?.raw ?? fact?.value;

/** Something differs that is no line of its own: the look of a text, the order of responses. */
const INNER: FactChange = { label: "Order or formatting", about: "setting", before: null, after: null };

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
