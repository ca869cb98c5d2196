/** Cards that come into a stream beside others: fresh ids and titles, with links and tokens that follow them. */
import type { Card, CardId, Stream } from "@usher/api";
import { freshId } from "./cards.ts";
import { mapExits } from "./links.ts";

/** The cards with ids and titles that nothing in the stream has; links among them are kept. */
export function renamed(cards: readonly Card[], stream: Stream): Card[] {
  const ids = freshNames(
    cards.map((card) => card.id),
    stream.cards.map((card) => card.id),
    (id) => withoutNumber(id).slice(0, LONGEST_STEM),
  );
  const titles = freshNames(
    cards.flatMap((card) => card.title ?? []),
    stream.cards.flatMap((card) => card.title ?? []),
    withoutNumber,
  );
  const answers = new Map([...ids, ...titles]);
  return cards.map((card) => {
    const own = withAnswers(card, answers);
    const linked = mapExits(own, (next) => (next === null ? null : (ids.get(next) ?? next)));
    const title = card.title === undefined ? {} : { title: titles.get(card.title) ?? card.title };
    return { ...linked, id: ids.get(card.id) ?? card.id, ...title } as Card;
  });
}

/** A new name for each one; one that is free is kept. */
function freshNames(
  wanted: readonly string[],
  taken: readonly string[],
  stem: (name: string) => string,
): Map<string, string> {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const name of wanted) {
    if (names.has(name)) continue;
    const fresh = used.has(name) ? freshId(stem(name), [...used, `${stem(name)}-1`]) : name;
    used.add(fresh);
    names.set(name, fresh);
  }
  return names;
}

const withoutNumber = (name: string) => name.replace(/-\d+$/, "");
/** An id has 40 letters at most. */
const LONGEST_STEM = 34;

/** Tokens that name the answer of a renamed card follow it: `{{answer.Interest}}`. */
function withAnswers(card: Card, names: ReadonlyMap<CardId, string>): Card {
  const text = (value: string) =>
    value.replaceAll(/(\{\{\s*answer\.)([^:{}]+?)(\s*[:}])/g, (all, before, name, after) => {
      const now = names.get(name);
      return now === undefined ? all : `${before}${now}${after}`;
    });
  return mapTexts(card, text) as Card;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, map)]));
}
