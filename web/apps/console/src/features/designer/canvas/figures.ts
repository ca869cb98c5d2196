/** What the numbers on the canvas are made of. */
import type { CardId } from "@usher/api";

/** How often a card was reached and answered, and how often a conversation stopped at it. */
export interface CardFigures {
  reached: number;
  answered: number;
  left: number;
}

export type Figures = ReadonlyMap<CardId, CardFigures>;
