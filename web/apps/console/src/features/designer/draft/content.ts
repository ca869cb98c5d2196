/** What an author edits of a dialogue, and how it is sent. */
import type { AttributeType, Card, Dialogue, Draft } from "@usher/api";
import { asGroup, askable } from "#lib/ui/criteria/tree.ts";

export interface Content {
  name: string;
  description: string;
  priority: number;
  draft: Draft;
}

export function contentOf({ name, description, priority, draft }: Dialogue): Content {
  return { name, description, priority, draft };
}

type TypeOf = (attribute: string) => AttributeType | undefined;

/** Conditions and patterns that are still being written stay on the screen and are not sent. */
export function wireDraft(draft: Draft, typeOf: TypeOf): Draft {
  const written = (patterns: string[]) => patterns.map((one) => one.trim()).filter((one) => one !== "");
  const { targeting } = draft;
  return {
    ...draft,
    stream: { ...draft.stream, cards: draft.stream.cards.map((card) => wireCard(card, typeOf)) },
    targeting: {
      ...targeting,
      audience: askable(asGroup(targeting.audience), typeOf),
      pages: { include: written(targeting.pages.include), exclude: written(targeting.pages.exclude) },
    },
  };
}

function wireCard(card: Card, typeOf: TypeOf): Card {
  if (card.kind !== "branch") return card;
  const cases = card.cases.map((one) => ({ ...one, criteria: askable(asGroup(one.criteria), typeOf) }));
  return { ...card, cases };
}

/** The members of a PATCH: only what differs from what the server has. */
export function patchOf(before: Content, now: Content, typeOf: TypeOf): Partial<Content> {
  const patch: Partial<Content> = {};
  if (now.name.trim() !== before.name && now.name.trim() !== "") patch.name = now.name.trim();
  if (now.description !== before.description) patch.description = now.description;
  if (now.priority !== before.priority) patch.priority = now.priority;
  if (now.draft !== before.draft) patch.draft = wireDraft(now.draft, typeOf);
  return patch;
}
