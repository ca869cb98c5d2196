import { useQuery } from "@tanstack/react-query";
import type { CanvasNumbers } from "@usher/api";
import { useMemo } from "react";
import { periodOf } from "#lib/results/period.ts";
import type { DraftControl } from "../draft/use-draft.ts";
import { canvasQuery } from "../queries.ts";
import { useDesignAddress } from "../use-address.ts";
import type { Figures } from "./figures.ts";

/** The numbers that the address asks for. */
export function useFigures({ kind, id }: DraftControl) {
  const { figures: days, version, go } = useDesignAddress(kind, id);
  const period = useMemo(() => periodOf({ days: days === "28" ? undefined : days }, new Date()), [days]);
  const { data, error } = useQuery({
    ...canvasQuery(kind, id, period, version),
    enabled: days !== undefined,
  });
  const shown = days === undefined ? undefined : data;
  const figures = useMemo(() => (shown === undefined ? null : byCard(shown)), [shown]);
  return { days, version, go, figures, conversations: shown?.conversations, error };
}

function byCard({ cards }: CanvasNumbers): Figures {
  return new Map(cards.map((card) => [card.card_id, card]));
}
