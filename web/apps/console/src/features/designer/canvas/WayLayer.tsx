import type { CardId, Point } from "@usher/api";
import { connect } from "@usher/stream";
import { ViewportPortal } from "@xyflow/react";
import { memo, useMemo, useState } from "react";
import { useActions, useDesign } from "../design.ts";
import classes from "./ways.module.css";
import { exitOfWay, middleOf, pathOf, type Way, waysOf } from "./ways.ts";

interface WayLayerProps {
  moved: ReadonlyMap<CardId, Point> | null;
  chosen: string | null;
  onChoose: (way: string | null) => void;
}

/** All connections in one picture below the cards: hundreds of pictures would each cost as much. */
export function WayLayer({ moved, chosen, onChoose }: WayLayerProps) {
  const { readOnly } = useActions();
  const { board, trail } = useDesign();
  const [near, setNear] = useState<string | null>(null);
  const ways = useMemo(() => waysOf(board, moved), [board, moved]);
  const steps = useMemo(
    () => new Set(trail?.passed.slice(1).map((id, index) => `${trail.passed[index]} ${id}`)),
    [trail],
  );
  const tools = ways.find((way) => way.id === near) ?? ways.find((way) => way.id === chosen);
  return (
    <ViewportPortal>
      <svg className={classes.layer} aria-hidden="true">
        <defs>
          <marker
            id="way-head"
            viewBox="0 0 8 8"
            refX="1"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto"
          >
            <path d="M0,0L8,4L0,8z" fill="context-stroke" />
          </marker>
        </defs>
        {ways.map((way) => (
          <Line
            key={way.id}
            id={way.id}
            x1={way.from.x}
            y1={way.from.y}
            x2={way.end.x}
            y2={way.end.y}
            passed={steps.has(`${way.card} ${way.to}`)}
            chosen={way.id === chosen}
            onNear={setNear}
            onChoose={onChoose}
          />
        ))}
        {tools && !readOnly ? (
          <Tools way={tools} onLeave={() => setNear(null)} onDone={() => onChoose(null)} />
        ) : null}
        <path id={WIRE_ID} className={classes.wire} markerEnd="url(#way-head)" />
      </svg>
    </ViewportPortal>
  );
}

/** The line that follows the pointer while a connection is drawn. */
export const WIRE_ID = "wire";

interface LineProps {
  id: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  passed: boolean;
  chosen: boolean;
  onNear: (id: string | null) => void;
  onChoose: (id: string) => void;
}

const Line = memo(function Line({ id, x1, y1, x2, y2, passed, chosen, onNear, onChoose }: LineProps) {
  const path = pathOf({ x: x1, y: y1 }, { x: x2, y: y2 });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; by key connections are changed at their card
    <g
      className={classes.way}
      data-way={id}
      data-passed={passed || undefined}
      data-chosen={chosen || undefined}
      onPointerEnter={() => onNear(id)}
      onPointerLeave={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Element) || to.closest("[data-way-tools]") === null) onNear(null);
      }}
      onClick={() => onChoose(id)}
    >
      <path className={classes.hit} d={path} />
      <path className={classes.line} d={path} markerEnd="url(#way-head)" />
    </g>
  );
});

interface ToolsProps {
  way: Way;
  onLeave: () => void;
  onDone: () => void;
}

/** In the middle of a connection: put a card into it, or take it away. */
function Tools({ way, onLeave, onDone }: ToolsProps) {
  const { ask, board, edit } = useActions();
  const { x, y } = middleOf(way.from, way.end);
  const exit = exitOfWay(way.id);
  return (
    <g data-way-tools transform={`translate(${x}, ${y})`} onPointerLeave={onLeave}>
      <rect className={classes.around} x={-32} y={-16} width={64} height={32} rx={16} />
      <Button
        x={-14}
        title="Insert a card here"
        path="M-5 0H5M0-5V5"
        run={() => ask({ what: "insert", exit })}
      />
      <Button
        x={14}
        title="Disconnect"
        path="M-4-4L4 4M4-4L-4 4"
        run={() => {
          edit(connect(board(), exit, null));
          onLeave();
          onDone();
        }}
      />
    </g>
  );
}

function Button({ x, title, path, run }: { x: number; title: string; path: string; run: () => void }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: see the group it is in
    <g
      className={`${classes.button} nopan`}
      transform={`translate(${x}, 0)`}
      onClick={(event) => {
        event.stopPropagation();
        run();
      }}
    >
      <title>{title}</title>
      <circle r={12} />
      <path d={path} />
    </g>
  );
}
