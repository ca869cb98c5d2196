/** Cards dragged from the palette, and where they are let go. */
import type { CardKind } from "@usher/api";
import { addCardAt, addCardOn, type Board, CARD_WIDTH, type Edited } from "@usher/stream";
import type { ReactFlowInstance } from "@xyflow/react";
import type { DragEvent } from "react";
import { KINDS } from "../card-looks.ts";
import type { CardNodeType } from "./nodes.ts";
import { exitOfWay } from "./ways.ts";

const TYPE = "application/x-usher-card";

export function startCardDrag(event: DragEvent, kind: CardKind): void {
  event.dataTransfer.setData(TYPE, kind);
  event.dataTransfer.effectAllowed = "copy";
}

export const isCardDrag = (event: DragEvent) => event.dataTransfer.types.includes(TYPE);

/** On a connection the card is inserted into it; anywhere else it stands free. */
export function dropped(
  board: Board,
  event: DragEvent,
  flow: ReactFlowInstance<CardNodeType>,
): Edited | null {
  const kind = KINDS.find((one) => one === event.dataTransfer.getData(TYPE));
  if (kind === undefined) return null;
  const pointer = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const way = under?.closest<SVGElement>("[data-way]")?.dataset.way;
  if (way !== undefined) return addCardOn(board, kind, exitOfWay(way));
  return addCardAt(board, kind, { x: pointer.x - CARD_WIDTH / 2, y: pointer.y - 20 });
}
