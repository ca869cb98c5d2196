import { connect, type Direction, duplicateCards, moveCards, neighbour, removeCards } from "@usher/stream";
import { useReactFlow } from "@xyflow/react";
import { useShortcut } from "#lib/ui/shortcuts.ts";
import { useActions, useDesign } from "../design.ts";
import { offerUndo } from "../draft/offer-undo.tsx";
import { motion } from "../use-design.ts";

import { FIT } from "./views.ts";
import { exitOfWay } from "./ways.ts";

const ON_CANVAS = "[data-canvas]";
const GROUP = "Canvas";
const STEP = 16;
const ARROWS: Record<Direction, { key: string; x: number; y: number }> = {
  left: { key: "arrowleft", x: -1, y: 0 },
  right: { key: "arrowright", x: 1, y: 0 },
  up: { key: "arrowup", x: 0, y: -1 },
  down: { key: "arrowdown", x: 0, y: 1 },
};

/** Everything that can be done on the canvas, by key. */
export function useCanvasKeys(way: string | null, forgetWay: () => void): void {
  const actions = useActions();
  const { control } = useDesign();
  const flow = useReactFlow();
  const edits = !actions.readOnly;
  useArrows("left", "Go to the card before; any arrow goes to the nearest card");
  useArrows("right", "Go along the connection");
  useArrows("up", null);
  useArrows("down", null);

  const here = { group: GROUP, within: ON_CANVAS };
  useShortcut("enter", "Open the card", () => actions.select(actions.selected(), { open: "focus" }), here);
  useShortcut(
    "escape",
    "Close the panel, select nothing",
    () => {
      actions.ask(null);
      actions.show(null);
      actions.select([]);
    },
    here,
  );
  useShortcut(
    "mod+a",
    "Select all",
    () => actions.select(actions.board().stream.cards.map((one) => one.id)),
    here,
  );
  const remove = () => {
    const ids = actions.selected();
    if (ids.length === 0 && way !== null) {
      actions.edit(connect(actions.board(), exitOfWay(way), null));
      forgetWay();
    } else if (ids.length > 0) {
      actions.edit(removeCards(actions.board(), ids));
      actions.select([]);
      offerUndo(ids.length === 1 ? "The card is deleted" : `${ids.length} cards are deleted`, control.undo);
    }
  };
  useShortcut("delete", "Delete cards, or a connection", remove, { ...here, active: edits });
  useShortcut("backspace", "Delete", remove, { ...here, active: edits, shown: null });
  useShortcut(
    "mod+d",
    "Duplicate",
    () => actions.apply(duplicateCards(actions.board(), actions.selected())),
    { ...here, active: edits },
  );
  useShortcut(
    "c",
    "Connect to another card",
    () => {
      const [card] = actions.selected();
      if (card !== undefined) actions.ask({ what: "connect", card });
    },
    { ...here, active: edits },
  );

  const anywhere = { group: GROUP };
  useShortcut(
    "/",
    "Add a card behind the selected one",
    () => actions.ask(way === null ? { what: "insert" } : { what: "insert", exit: exitOfWay(way) }),
    { ...anywhere, active: edits },
  );
  useShortcut("mod+f", "Find cards", () => actions.ask({ what: "search" }), {
    ...anywhere,
    whileTyping: true,
  });
  useShortcut("+", "Zoom in", () => void flow.zoomIn({ duration: motion(120) }), anywhere);
  useShortcut("-", "Zoom out", () => void flow.zoomOut({ duration: motion(120) }), anywhere);
  useShortcut("0", "Show all cards", () => void flow.fitView({ ...FIT, duration: motion(160) }), anywhere);
}

/** An arrow goes from card to card; with shift it selects more, with Ctrl it moves the cards. */
function useArrows(direction: Direction, label: string | null): void {
  const actions = useActions();
  const { key, x, y } = ARROWS[direction];
  const options = { group: GROUP, within: ON_CANVAS, shown: label === null ? null : undefined };
  const go = (more: boolean) => {
    const board = actions.board();
    const chosen = actions.selected();
    const from = chosen.at(-1) ?? board.stream.start;
    const to = chosen.length === 0 ? from : neighbour(board, from, direction);
    if (to === null || to === "") return;
    const ids = more ? [...chosen.filter((id) => id !== to), to] : [to];
    actions.select(ids, { reveal: true });
  };
  const shift = () => {
    const board = actions.board();
    const places = actions.selected().map((id) => {
      const at = board.layout[id] ?? { x: 0, y: 0 };
      return [id, { x: at.x + x * STEP, y: at.y + y * STEP }] as const;
    });
    actions.edit(moveCards(board, Object.fromEntries(places)), "move by key");
  };
  useShortcut(key, label ?? direction, () => go(false), options);
  useShortcut(`shift+${key}`, "Select the next card, too", () => go(true), {
    ...options,
    shown: direction === "right" ? undefined : null,
  });
  useShortcut(`mod+${key}`, "Move the card", shift, {
    ...options,
    active: !actions.readOnly,
    shown: direction === "right" ? undefined : null,
  });
}
