/** What differs between two states of a dialogue, in lines for people. */
import type { CardKind, Draft } from "@usher/api";
import { difference, type FactChange, same } from "@usher/stream";

export interface Change {
  key: string;
  change: "added" | "changed" | "removed";
  /** Of a card. */
  kind?: CardKind;
  name: string;
  /** Lines of it that differ; none where only the fact matters. */
  facts: FactChange[];
}

export function changesOf(before: Draft, after: Draft): Change[] {
  const cards = difference(before.stream, after.stream).map((one) => ({
    ...one,
    key: `card ${one.id}`,
  }));
  const [old, now] = [before.targeting, after.targeting];
  const pages = (draft: Draft) =>
    [...draft.targeting.pages.include, ...draft.targeting.pages.exclude.map((one) => `not ${one}`)].join(
      "\n",
    );
  const settings: [string, boolean][] = [
    ["The first card", before.stream.start !== after.stream.start],
    ["Audience", !same(old.audience, now.audience)],
    ["When it is shown", !same(old.events, now.events)],
    ["How often it is shown", !same(old.caps, now.caps)],
    ["Going back to an earlier answer", before.allow_back !== after.allow_back],
    ["Starting again", before.allow_restart !== after.allow_restart],
    ["Language", before.language !== after.language],
  ];
  const changed = (name: string): Change => ({
    key: name,
    change: "changed",
    name,
    facts: [],
  });
  return [
    ...cards,
    ...(same(old.pages, now.pages)
      ? []
      : [
          {
            ...changed("Target pages"),
            facts: [{ label: "Pages", about: "words" as const, before: pages(before), after: pages(after) }],
          },
        ]),
    ...settings.filter(([, differs]) => differs).map(([name]) => changed(name)),
  ];
}
