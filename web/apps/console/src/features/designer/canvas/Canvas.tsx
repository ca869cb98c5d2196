import "@xyflow/react/dist/base.css";
import type { CardId } from "@usher/api";
import { MiniMap, ReactFlow, SelectionMode, useStore } from "@xyflow/react";
import { useActions, useDesign } from "../design.ts";
import { CANVAS_ID } from "../use-design.ts";
import { CardNode, nodeId } from "./CardNode.tsx";
import classes from "./canvas.module.css";
import type { CardNodeType } from "./nodes.ts";
import { useCanvasEvents } from "./use-canvas-events.ts";
import { useCanvasKeys } from "./use-canvas-keys.ts";
import { useClipboard } from "./use-clipboard.ts";
import { useDrawing } from "./use-drawing.ts";
import { useWire } from "./use-wire.ts";
import { isSeen } from "./views.ts";
import { WayLayer } from "./WayLayer.tsx";

const NODE_TYPES = { card: CardNode };
const GRID: [number, number] = [8, 8];
const MANY_KEYS = ["Meta", "Control", "Shift"];
/** From so far away no word can be read. */
const FAR = 0.3;
const NO_ATTRIBUTION = { hideAttribution: true };

/** The cards and their connections, to be moved, joined and looked over. */
export function Canvas({ map, matches }: { map: boolean; matches: ReadonlySet<CardId> | null }) {
  const { selected, board } = useDesign();
  const { readOnly } = useActions();
  const { handlers, moved, way, setWay, chooseWay, flow } = useCanvasEvents();
  const nodes = useDrawing(moved, matches);
  const startWire = useWire();
  const far = useStore((state) => state.transform[2] < FAR);
  useCanvasKeys(way, () => setWay(null));
  useClipboard(() => flow.current);
  const active = board.stream.cards.find((card) => selected.length === 1 && card.id === selected[0]);
  // What is out of sight is not drawn, and so cannot be named.
  const seen = useStore((state) => active !== undefined && isSeen(board, active, state));
  return (
    <div
      id={CANVAS_ID}
      className={classes.canvas}
      role="application"
      aria-label="Canvas of cards"
      aria-roledescription="canvas"
      aria-describedby="canvas-keys"
      aria-activedescendant={active !== undefined && seen ? nodeId(active.id) : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is one, with keys of its own
      tabIndex={0}
      data-canvas
      data-far={far || undefined}
      onPointerDownCapture={startWire}
    >
      <span id="canvas-keys" className={classes.hidden}>
        Arrow keys go from card to card, Enter opens a card, question mark lists the keys.
      </span>
      <ReactFlow<CardNodeType>
        nodes={nodes}
        nodeTypes={NODE_TYPES}
        {...handlers}
        nodesDraggable={!readOnly}
        nodesConnectable={false}
        nodesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={MANY_KEYS}
        selectionMode={SelectionMode.Partial}
        panActivationKeyCode={null}
        panOnScroll
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements
        nodeDragThreshold={4}
        minZoom={0.05}
        maxZoom={1.5}
        snapToGrid
        snapGrid={GRID}
        proOptions={NO_ATTRIBUTION}
      >
        <WayLayer moved={moved} chosen={way} onChoose={chooseWay} />
        {map ? <MiniMap pannable zoomable className={classes.map} ariaLabel="Map of the cards" /> : null}
      </ReactFlow>
      {board.stream.cards.length === 0 ? (
        <p className={classes.empty}>
          {readOnly ? "There is no card." : "Drag the first card here, or press / to choose one."}
        </p>
      ) : null}
    </div>
  );
}
