/** The connections of the board as lines: where they begin and end, and how they bend. */
import type { CardId, Point } from "@usher/api";
import { type Board, CARD_WIDTH, type ExitRef, exitMiddle, exitsOf, HEAD_MIDDLE } from "@usher/stream";

export interface Way extends ExitRef {
  id: string;
  to: CardId;
  from: Point;
  end: Point;
}

/** A line for each exit that leads somewhere; `moved` are cards under the pointer. */
export function waysOf({ stream, layout }: Board, moved: ReadonlyMap<CardId, Point> | null): Way[] {
  const placeOf = (id: CardId): Point => moved?.get(id) ?? layout[id] ?? { x: 0, y: 0 };
  return stream.cards.flatMap((card) => {
    const at = placeOf(card.id);
    return exitsOf(card).flatMap(({ field, next }, index): Way[] => {
      if (next === null) return [];
      const target = placeOf(next);
      return [
        {
          id: wayId({ card: card.id, field }),
          card: card.id,
          field,
          to: next,
          from: { x: at.x + CARD_WIDTH, y: at.y + exitMiddle(card, index) },
          end: { x: target.x, y: target.y + HEAD_MIDDLE },
        },
      ];
    });
  });
}

/** Where the exit's line begins. */
export function startOf({ stream, layout }: Board, exit: ExitRef): Point | null {
  const card = stream.cards.find((one) => one.id === exit.card);
  const at = layout[exit.card];
  if (card === undefined || at === undefined) return null;
  const index = exitsOf(card).findIndex((one) => one.field === exit.field);
  return { x: at.x + CARD_WIDTH, y: at.y + exitMiddle(card, Math.max(0, index)) };
}

const SEPARATOR = " ";
export const wayId = ({ card, field }: ExitRef) => `${card}${SEPARATOR}${field}`;
export function exitOfWay(id: string): ExitRef {
  const [card = "", field = ""] = id.split(SEPARATOR);
  return { card, field };
}

/** Room for the arrow's head. */
const HEAD = 6;

/** How far the line goes straight on before it bends; further when it must lead back. */
function reach(from: Point, end: Point): number {
  const ahead = end.x - from.x;
  return ahead >= 0 ? Math.max(24, Math.min(ahead / 2, 160)) : Math.min(48 + Math.sqrt(-ahead) * 8, 280);
}

/** The line as a path. */
export function pathOf(from: Point, end: Point): string {
  const bend = reach(from, end);
  const tip = end.x - HEAD;
  return `M${from.x},${from.y}C${from.x + bend},${from.y} ${tip - bend},${end.y} ${tip},${end.y}`;
}

/** The middle of the line. */
export function middleOf(from: Point, end: Point): Point {
  const bend = reach(from, end);
  const tip = end.x - HEAD;
  const [x1, x2] = [from.x + bend, tip - bend];
  return { x: (from.x + 3 * x1 + 3 * x2 + tip) / 8, y: (from.y + end.y) / 2 };
}
