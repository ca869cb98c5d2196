/** What part of the canvas is shown. */
import type { Card, CardId } from "@usher/api";
import { type Board, CARD_WIDTH, heightOf } from "@usher/stream";
import type { ReactFlowInstance } from "@xyflow/react";
import type { CardNodeType } from "./nodes.ts";

type Flow = ReactFlowInstance<CardNodeType>;

/** Below this, words can no longer be read. */
const READABLE = 0.8;
export const FIT = { padding: 0.12, maxZoom: 1 };

/** All cards where they can be read; otherwise the chosen card, or the first, with what follows it. */
export function firstView(flow: Flow, board: Board, chosen: CardId | undefined): void {
  const canvas = document.querySelector("[data-canvas]")?.getBoundingClientRect();
  if (canvas === undefined || board.stream.cards.length === 0) return;
  const focus = board.stream.cards.find((card) => card.id === chosen);
  const bounds = flow.getNodesBounds(flow.getNodes());
  const zoom = Math.min(1, (0.85 * canvas.width) / bounds.width, (0.85 * canvas.height) / bounds.height);
  if (focus !== undefined) {
    const at = board.layout[focus.id] ?? { x: 0, y: 0 };
    void flow.setCenter(at.x + CARD_WIDTH / 2, at.y + heightOf(focus) / 2, { zoom: Math.max(zoom, 0.85) });
  } else if (zoom >= READABLE) void flow.fitView(FIT);
  else {
    const start = board.stream.cards.find((card) => card.id === board.stream.start);
    const at = (start && board.layout[start.id]) ?? { x: bounds.x, y: bounds.y };
    const middle = at.y + (start === undefined ? 0 : heightOf(start) / 2);
    void flow.setViewport({
      x: 48 - at.x * READABLE,
      y: canvas.height / 2 - middle * READABLE,
      zoom: READABLE,
    });
  }
}

interface View {
  width: number;
  height: number;
  /** Shift and zoom. */
  transform: readonly [x: number, y: number, zoom: number];
}

/** Whether any part of the card is within the view. */
export function isSeen(board: Board, card: Card, { width, height, transform }: View): boolean {
  const [x, y, zoom] = transform;
  const at = board.layout[card.id] ?? { x: 0, y: 0 };
  const [left, top] = [at.x * zoom + x, at.y * zoom + y];
  return left < width && top < height && left + CARD_WIDTH * zoom > 0 && top + heightOf(card) * zoom > 0;
}
