import type { CardId, CheckResult } from "@usher/api";
import { type Board, boardOf, CARD_WIDTH, heightOf } from "@usher/stream";
import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Figures } from "./canvas/figures.ts";
import type { Design, DesignActions, Pane, Question, SelectHow } from "./design.ts";
import type { DraftControl } from "./draft/use-draft.ts";
import { usePreview } from "./preview/use-preview.ts";
import { useDesignAddress } from "./use-address.ts";

const NONE: readonly CardId[] = [];
export const CANVAS_ID = "design-canvas";

/** What the designer is opened on. */
export interface DesignOf {
  control: DraftControl;
  check: CheckResult;
  readOnly: boolean;
}

interface DesignWithFigures extends DesignOf {
  /** Numbers of a period to stand on the cards. */
  figures: Figures | null;
}

/** Everything that canvas and panels share, over one draft. */
export function useDesignState({ control, check, readOnly, figures }: DesignWithFigures) {
  const { stream, layout } = control.content.draft;
  const board = useMemo(() => boardOf(stream, layout), [stream, layout]);
  const address = useDesignAddress(control.kind, control.id);
  const [selected, setSelected] = useState<readonly CardId[]>(() => (address.card ? [address.card] : NONE));
  const [question, setQuestion] = useState<Question | null>(null);
  const preview = usePreview(control);
  const [panelFocus, setPanelFocus] = useState({ wanted: false, asked: 0 });
  const reveal = useReveal();
  // A card that is gone is no longer selected.
  const there = useMemo(() => {
    const ids = new Set(board.stream.cards.map((card) => card.id));
    return selected.every((id) => ids.has(id)) ? selected : selected.filter((id) => ids.has(id));
  }, [board, selected]);
  const now = useRef({ board, selected: there, control, address, trail: preview.trail });
  now.current = { board, selected: there, control, address, trail: preview.trail };

  const select = useCallback(
    (ids: readonly CardId[], how: SelectHow = {}) => {
      now.current.selected = ids;
      setSelected(ids);
      const { address } = now.current;
      const card = ids.length === 1 ? ids[0] : undefined;
      const pane: Pane | undefined = how.open ? "card" : address.pane;
      if (card !== address.card || pane !== address.pane) address.go({ card, pane });
      if (how.open === "focus") setPanelFocus(({ asked }) => ({ wanted: true, asked: asked + 1 }));
      if (how.reveal) reveal(now.current.board, ids);
    },
    [reveal],
  );
  const edit = useCallback((next: Board, group?: string) => {
    const { board, control } = now.current;
    if (next === board) return;
    now.current.board = next;
    control.changeDraft({ stream: next.stream, layout: next.layout }, group);
  }, []);
  const actions = useMemo(
    (): DesignActions => ({
      readOnly,
      board: () => now.current.board,
      selected: () => now.current.selected,
      edit,
      select,
      apply: (edited, how) => {
        edit(edited.board);
        if (edited.ids.length > 0) select(edited.ids, { reveal: true, ...how });
      },
      ask: setQuestion,
      show: (pane) => now.current.address.go({ pane: pane ?? undefined }),
      focusCanvas: () => document.getElementById(CANVAS_ID)?.focus({ preventScroll: true }),
    }),
    [readOnly, edit, select],
  );
  // The panel that opens takes room from the canvas: what was chosen must not end up behind it.
  const room = useStore((state) => `${state.width} ${state.height}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: for every new size
  useEffect(() => {
    const { board, selected, trail } = now.current;
    if (selected.length === 1) reveal(board, selected);
    else if (trail?.current) reveal(board, [trail.current]);
  }, [room]);
  useFollowAddress(address.card, selected, setSelected, (id) => reveal(now.current.board, [id]));

  // The card that the preview waits at is brought into view.
  const waiting = preview.trail?.current ?? null;
  useEffect(() => {
    if (waiting !== null && now.current.address.pane === "preview") reveal(now.current.board, [waiting]);
  }, [waiting, reveal]);

  const pane = address.pane ?? null;
  const design = useMemo(
    (): Design => ({
      control,
      check,
      board,
      selected: there,
      pane,
      question,
      figures,
      trail: preview.trail,
      preview,
      panelFocus,
    }),
    [control, check, board, there, pane, question, figures, preview, panelFocus],
  );
  return { design, actions };
}

/** A link to a card, or the way back in the browser, selects it. */
function useFollowAddress(
  card: CardId | undefined,
  selected: readonly CardId[],
  select: (ids: readonly CardId[]) => void,
  reveal: (id: CardId) => void,
): void {
  const latest = useRef({ selected, select, reveal });
  latest.current = { selected, select, reveal };
  useEffect(() => {
    const { selected, select, reveal } = latest.current;
    const single = selected.length === 1 ? selected[0] : undefined;
    if (card === single || (card === undefined && selected.length > 1)) return;
    select(card === undefined ? NONE : [card]);
    if (card !== undefined) reveal(card);
  }, [card]);
}

const MARGIN = 48;

/** Moves the canvas so far that the cards can be seen; not at all when they can. */
function useReveal(): (board: Board, ids: readonly CardId[]) => void {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useCallback(
    (board, ids) => {
      const { width, height } = store.getState();
      const { x, y, zoom } = flow.getViewport();
      const boxes = board.stream.cards
        .filter((card) => ids.includes(card.id))
        .map((card) => ({ at: board.layout[card.id] ?? { x: 0, y: 0 }, height: heightOf(card) }));
      if (boxes.length === 0 || width === 0) return;
      const left = Math.min(...boxes.map((box) => box.at.x));
      const top = Math.min(...boxes.map((box) => box.at.y));
      const right = Math.max(...boxes.map((box) => box.at.x + CARD_WIDTH));
      const bottom = Math.max(...boxes.map((box) => box.at.y + box.height));
      const shift = {
        x: correction(left * zoom + x, right * zoom + x, width),
        y: correction(top * zoom + y, bottom * zoom + y, height),
      };
      if (shift.x === 0 && shift.y === 0) return;
      void flow.setViewport({ x: x + shift.x, y: y + shift.y, zoom }, { duration: motion(160) });
    },
    [flow, store],
  );
}

/** By how much a stretch must move, so that it lies within the room. */
function correction(from: number, to: number, room: number): number {
  if (from < MARGIN || to - from > room - 2 * MARGIN)
    return from >= MARGIN && from < room / 2 ? 0 : MARGIN - from;
  return to > room - MARGIN ? room - MARGIN - to : 0;
}

/** Milliseconds of a motion; none for people who asked for none. */
export function motion(ms: number): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : ms;
}
