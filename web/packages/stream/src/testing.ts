/** What the package's tests share: cards of every kind at random, boards, walks. */
import type { Card, CardKind, Criteria, RichText, Routing, Stream } from "@usher/api";
import fc from "fast-check";
import { type Board, EMPTY_BOARD } from "./board.ts";
import { FIELD_LABELS } from "./cards.ts";
import { KIND_NAMES } from "./facts.ts";
import { addCardAfter } from "./graph.ts";
import { exitsOf } from "./links.ts";
import { fromMarks } from "./marks.ts";

export const KINDS = Object.keys(KIND_NAMES) as CardKind[];

/** A line of cards, one after the other. */
export function line(...kinds: CardKind[]): Board {
  return kinds.reduce(
    (board, kind) => addCardAfter(board, kind, board.stream.cards.at(-1)?.id ?? null).board,
    EMPTY_BOARD,
  );
}

export function cardOf({ stream }: Board, id: string): Card {
  const found = stream.cards.find((card) => card.id === id);
  if (found === undefined) throw new Error(`no card ${id}`);
  return found;
}

/** The order in which a visitor who always takes the first way meets the cards. */
export function walk(stream: Stream): string[] {
  const met: string[] = [];
  for (let id: string | null = stream.start; id !== null && !met.includes(id); ) {
    met.push(id);
    const card = stream.cards.find((one) => one.id === id);
    id = (card && exitsOf(card)[0]?.next) ?? null;
  }
  return met;
}

const word = fc.stringMatching(/^[a-zA-Z{}".:*é ]{1,12}$/);
const text: fc.Arbitrary<RichText> = fc.oneof(
  word.map(fromMarks),
  word.map(
    (one): RichText => ({
      blocks: [{ type: "paragraph", spans: [{ text: `${one}\n${one}`, bold: true }] }],
    }),
  ),
);
const id = fc.constantFrom("a", "b", "c", "d", "message-1", "__proto__");
const next = fc.option(id, { nil: null });
const named = fc.record({ id, title: fc.option(word, { nil: undefined }) });
const routing: fc.Arbitrary<Routing> = fc.oneof(
  fc.constant<Routing>({ by: "round_robin" }),
  fc.constant<Routing>({ by: "custom_rules" }),
  fc.option(word, { nil: null }).map((agent): Routing => ({ by: "agent", agent })),
  fc.option(word, { nil: null }).map((team): Routing => ({ by: "team", team })),
);
const criteria: fc.Arbitrary<Criteria> = fc.constantFrom<Criteria>(
  { all: [] },
  {
    any: [
      { attribute: "person.email", op: "is_empty" },
      { member_of: "lst_1", op: "is_member" },
    ],
  },
);
const unlike = <T extends { id: string }>(one: fc.Arbitrary<T>) =>
  fc.uniqueArray(one, { minLength: 1, maxLength: 4, selector: (item) => item.id });

const kinds: Record<CardKind, fc.Arbitrary<object>> = {
  message: fc.record({ text, next }),
  question: fc.record(
    {
      text,
      style: fc.constantFrom("buttons", "list"),
      responses: unlike(
        fc.record({ id, label: word, stored_value: word, next }, { requiredKeys: ["id", "label", "next"] }),
      ),
      free_text: fc.record({ next }),
    },
    { requiredKeys: ["text", "style", "responses"] },
  ),
  info_capture: fc.record({
    text,
    fields: unlike(
      fc.record(
        {
          id,
          type: fc.constantFrom(...Object.keys(FIELD_LABELS).filter((type) => type !== "picklist")),
          label: word,
          placeholder: word,
          overwrite: fc.constantFrom("always", "if_empty"),
          refuse: fc.constant(["free"]),
        },
        { requiredKeys: ["id", "type", "label", "overwrite"] },
      ),
    ),
    skip_if_known: fc.boolean(),
    required: fc.boolean(),
    next,
  }),
  document: fc.record(
    { text, document: fc.option(word, { nil: null }), continue_label: word, next },
    { requiredKeys: ["text", "document", "next"] },
  ),
  meeting: fc.record(
    { text, routing, save_agent_name: word, fallback: text, booked: next, not_booked: next },
    { requiredKeys: ["text", "routing", "booked", "not_booked"] },
  ),
  live_chat: fc.record(
    { text, routing, any_available_agent: fc.constant(true), fallback: text },
    { requiredKeys: ["text", "routing"] },
  ),
  goal: fc.record({ goal: word, next }),
  action: fc.record({
    actions: fc.array(
      fc.oneof(
        fc.constant({ do: "add_to_list", list: null }),
        fc.record({ do: fc.constant("change_score"), by: fc.integer({ min: -9, max: 9 }) }),
        fc.record({
          do: fc.constant("set_attribute"),
          attribute: word,
          value: word,
          overwrite: fc.constant("always"),
        }),
        fc.record({ do: fc.constant("interesting_moment"), moment: fc.constant("email"), text: word }),
        fc.record({ do: fc.constant("call_webhook"), url: word }),
      ),
      { maxLength: 3 },
    ),
    next,
  }),
  branch: fc.record({ cases: unlike(fc.record({ id, name: word, criteria, next })), otherwise: next }),
  flow: fc.record({ flow: fc.option(word, { nil: null }), next }),
  ai_answer: fc.record(
    {
      text,
      questions: fc.integer({ min: 1, max: 5 }),
      topics: fc.constant(["a"]),
      fallback: text,
      next,
      not_answered: next,
    },
    { requiredKeys: ["text", "questions", "fallback", "next", "not_answered"] },
  ),
  jump: fc.record({ to: next }),
};

/** A card of any kind, with links that may lead to nowhere. */
export const anyCard: fc.Arbitrary<Card> = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.tuple(named, kinds[kind]).map(([base, rest]) => clean({ ...base, kind, ...rest })));

/** Without members that are not set, as JSON has it. */
const clean = (card: object) => JSON.parse(JSON.stringify(card)) as Card;

export const anyCards = fc.uniqueArray(anyCard, { minLength: 1, maxLength: 8, selector: (card) => card.id });
