import { CARD_WIDTH, fromProse, fromText, pasteCards, removeCards, toText } from "@usher/stream";
import type { ReactFlowInstance } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { useActions } from "../design.ts";
import type { CardNodeType } from "./nodes.ts";

/** Copies cards as text and pastes them, in this dialogue or another; any other text becomes a message. */
export function useClipboard(flow: () => ReactFlowInstance<CardNodeType> | null): void {
  const actions = useActions();
  const latest = useRef(flow);
  latest.current = flow;
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const ids = actions.selected();
      if (!onCanvas() || ids.length === 0) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", toText(actions.board(), ids));
      if (event.type === "cut" && !actions.readOnly) {
        actions.edit(removeCards(actions.board(), ids));
        actions.select([]);
      }
    };
    const paste = (event: ClipboardEvent) => {
      if (!onCanvas() || actions.readOnly) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const copied = fromText(text) ?? fromProse(text);
      if (copied === null) return;
      event.preventDefault();
      actions.apply(pasteCards(actions.board(), copied.cards, copied.layout, middleOf(latest.current())));
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", paste);
    };
  }, [actions]);
}

/** Nothing else has the keyboard, and no words are marked. */
function onCanvas(): boolean {
  return document.activeElement?.closest("[data-canvas]") != null && (getSelection()?.isCollapsed ?? true);
}

/** The middle of what is seen of the canvas. */
export function middleOf(flow: ReactFlowInstance<CardNodeType> | null): {
  x: number;
  y: number;
} {
  const box = document.querySelector("[data-canvas]")?.getBoundingClientRect();
  if (flow === null || box === undefined) return { x: 0, y: 0 };
  const middle = flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  return { x: middle.x - CARD_WIDTH / 2, y: middle.y - 40 };
}
