/**
 * The state of the designer that canvas and panels share. What is done stands
 * apart from what is shown: actions never change, so that hundreds of cards
 * are not drawn again when something else does.
 */
import type { CardId, CheckResult, Point } from "@usher/api";
import type { Board, Edited, ExitRef } from "@usher/stream";
import { createContext, useContext } from "react";
import type { Figures } from "./canvas/figures.ts";
import type { DraftControl } from "./draft/use-draft.ts";
import type { PreviewControl } from "./preview/use-preview.ts";

/** What stands beside the canvas. */
export type Pane = "card" | "preview" | "tests";

/** What a small list on the canvas asks: which card to add, where to lead, what to find. */
export type Question =
  | { what: "insert"; exit?: ExitRef; at?: Point }
  | { what: "connect"; card: CardId; field?: string }
  | { what: "search" };

export interface SelectHow {
  /** Opens the card's panel; `focus` also puts the keyboard there. */
  open?: boolean | "focus";
  /** Brings the cards into view. */
  reveal?: boolean;
}

export interface DesignActions {
  readOnly: boolean;
  /** The board as it is now. */
  board: () => Board;
  /** The cards that are selected now. */
  selected: () => readonly CardId[];
  /** Takes over an edited board; `group`: edits of one thing are undone together. */
  edit: (board: Board, group?: string) => void;
  /** Takes over an edited board and selects what came of it. */
  apply: (edited: Edited, how?: SelectHow) => void;
  select: (ids: readonly CardId[], how?: SelectHow) => void;
  ask: (question: Question | null) => void;
  show: (pane: Pane | null) => void;
  /** Puts the keyboard back on the canvas. */
  focusCanvas: () => void;
}

/** Where the preview is, marked on the canvas. */
export interface Trail {
  current: CardId | null;
  /** Cards in the order in which they were met. */
  passed: readonly CardId[];
}

export interface Design {
  control: DraftControl;
  check: CheckResult;
  board: Board;
  selected: readonly CardId[];
  pane: Pane | null;
  question: Question | null;
  /** Numbers of a period, where they are shown. */
  figures: Figures | null;
  trail: Trail | null;
  preview: PreviewControl;
  /** The panel of the card is asked to take the keyboard; whoever does sets `wanted` to false. */
  panelFocus: { wanted: boolean; asked: number };
}

export const ActionsContext = createContext<DesignActions | null>(null);
export const DesignContext = createContext<Design | null>(null);

export function useActions(): DesignActions {
  const actions = useContext(ActionsContext);
  if (actions === null) throw new Error("only inside of the designer");
  return actions;
}

export function useDesign(): Design {
  const design = useContext(DesignContext);
  if (design === null) throw new Error("only inside of the designer");
  return design;
}
