import type { Card, CardId, Point } from "@usher/api";
import { useMemo, useRef } from "react";
import { useDesign } from "../design.ts";
import { findingsOf } from "../draft/findings.ts";
import { useWords } from "../names.ts";
import { type CardNodeType, nodesOf } from "./nodes.ts";

/** The nodes of the board as the canvas draws them; `moved` are cards under the pointer. */
export function useDrawing(
  moved: ReadonlyMap<CardId, Point> | null,
  matches: ReadonlySet<CardId> | null,
): CardNodeType[] {
  const { board, selected, check, trail, figures } = useDesign();
  const words = useWords();
  const drawn = useRef(new Map<CardId, CardNodeType>());
  const resting = useMemo(() => {
    const nodes = nodesOf(
      board,
      {
        selected: new Set(selected),
        findings: (id) => findingsOf(check, id),
        words: (card: Card) => words(card),
        current: trail?.current ?? null,
        passed: new Set(trail?.passed),
        matches,
        figures,
      },
      drawn.current,
    );
    drawn.current = new Map(nodes.map((node) => [node.id, node]));
    return nodes;
  }, [board, selected, check, trail, matches, figures, words]);
  return useMemo(
    () =>
      moved === null
        ? resting
        : resting.map((node) => {
            const position = moved.get(node.id);
            return position === undefined ? node : { ...node, position, dragging: true };
          }),
    [resting, moved],
  );
}
