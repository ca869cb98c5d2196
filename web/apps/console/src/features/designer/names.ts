import { useQuery } from "@tanstack/react-query";
import type { Action, AttributeDef, Card, CardId, Stream } from "@usher/api";
import { actionWords, gist } from "@usher/stream";
import { useCallback } from "react";
import { attributesQuery, listsQuery } from "#lib/api/shared.ts";
import { goalCalled, goalsQuery } from "#lib/library/goals.ts";
import { cardLabel } from "./card-looks.ts";
import { useDesign } from "./design.ts";
import { pathName } from "./panel/tokens.ts";

/** What a card says or does, with the names of what it refers to instead of ids. */
export function useWords(): (card: Card) => string {
  const { board } = useDesign();
  const lists = useQuery(listsQuery).data;
  const attributes = useQuery(attributesQuery).data;
  const goals = useQuery(goalsQuery()).data;
  const { stream } = board;
  return useCallback(
    (card) => {
      if (card.kind === "jump") return card.to === null ? "" : `To ${nameOf(stream, card.to)}`;
      if (card.kind === "goal") return goalCalled(goals ?? [], card.goal)?.name ?? card.goal;
      if (card.kind !== "action") return withTokenNames(gist(card), attributes ?? []);
      const listName = (id: string | null) => lists?.find((one) => one.id === id)?.name;
      const label = (path: string) =>
        attributes?.find((one) => `${one.of}.${one.name}` === path)?.label ?? path;
      return card.actions.map((one) => named(one, listName, label)).join(", ");
    },
    [stream, lists, attributes, goals],
  );
}

/** `Hi {{person.first_name:"there"}}` → `Hi ‹First name›`. */
function withTokenNames(text: string, attributes: readonly AttributeDef[]): string {
  return text.replaceAll(
    /\{\{([^{}:]*)(:[^{}]*)?\}\}/g,
    (_all, path: string) => `‹${pathName(path.trim(), attributes)}›`,
  );
}

const nameOf = (stream: Stream, id: CardId) => {
  const card = stream.cards.find((one) => one.id === id);
  return card === undefined ? id : cardLabel(card);
};

function named(
  action: Action,
  listName: (id: string | null) => string | undefined,
  label: (attribute: string) => string,
): string {
  if (action.do === "add_to_list") return `Add to ${listName(action.list) ?? "a list"}`;
  if (action.do === "remove_from_list") return `Remove from ${listName(action.list) ?? "a list"}`;
  if (action.do === "set_attribute" && action.attribute !== "") {
    return `Set ${label(action.attribute)} to ${action.value || "…"}`;
  }
  return actionWords(action);
}
