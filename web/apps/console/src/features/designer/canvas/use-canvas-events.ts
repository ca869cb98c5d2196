import type { CardId, Point } from "@usher/api";
import { moveCards } from "@usher/stream";
import type { NodeChange, ReactFlowInstance } from "@xyflow/react";
import { type DragEvent, type MouseEvent, useMemo, useRef, useState } from "react";
import { useActions } from "../design.ts";
import { dropped, isCardDrag } from "./drops.ts";
import type { CardNodeType } from "./nodes.ts";
import { firstView } from "./views.ts";

/**
 * What the canvas does with what its surface reports. The handlers never
 * change: for each that did, every card would be asked whether it must be drawn
 * again.
 */
export function useCanvasEvents() {
  const actions = useActions();
  const [way, setWay] = useState<string | null>(null);
  const [moved, setMoved] = useState<ReadonlyMap<CardId, Point> | null>(null);
  const flow = useRef<ReactFlowInstance<CardNodeType> | null>(null);
  const dragged = useRef(new Map<CardId, Point>());

  const handlers = useMemo(() => {
    const settle = () => {
      actions.edit(moveCards(actions.board(), Object.fromEntries(dragged.current)));
      dragged.current = new Map();
      setMoved(null);
    };
    return {
      onInit: (instance: ReactFlowInstance<CardNodeType>) => {
        flow.current = instance;
        firstView(instance, actions.board(), actions.selected()[0]);
      },
      onNodesChange: (changes: NodeChange<CardNodeType>[]) => {
        for (const one of changes) {
          if (one.type === "position" && one.position) dragged.current.set(one.id, one.position);
        }
        if (changes.some((one) => one.type === "position")) setMoved(new Map(dragged.current));
        const picks = changes.filter((one) => one.type === "select");
        if (picks.length === 0) return;
        const chosen = new Set(actions.selected());
        for (const one of picks) {
          if (one.selected) chosen.add(one.id);
          else chosen.delete(one.id);
        }
        setWay(null);
        actions.select([...chosen]);
      },
      onNodeClick: (event: MouseEvent, node: CardNodeType) => {
        const more = event.shiftKey || event.metaKey || event.ctrlKey;
        if (!more) actions.select([node.id], { open: true });
      },
      onPaneClick: () => {
        setWay(null);
        actions.ask(null);
        actions.focusCanvas();
      },
      onNodeDragStop: settle,
      onSelectionDragStop: settle,
      onDragOver: (event: DragEvent) => {
        if (!isCardDrag(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      },
      onDrop: (event: DragEvent) => {
        if (!isCardDrag(event) || flow.current === null) return;
        event.preventDefault();
        const edited = dropped(actions.board(), event, flow.current);
        if (edited) actions.apply(edited, { open: true });
      },
    };
  }, [actions]);

  const chooseWay = useMemo(
    () => (id: string | null) => {
      setWay(id);
      if (id !== null) actions.select([]);
      actions.focusCanvas();
    },
    [actions],
  );
  return { handlers, moved, way, setWay, chooseWay, flow };
}
