import type { Point } from "@usher/api";
import { connect, type ExitRef } from "@usher/stream";
import { useReactFlow } from "@xyflow/react";
import { type PointerEvent as ReactPointerEvent, useCallback, useEffect, useRef } from "react";
import { useActions } from "../design.ts";
import { WIRE_ID } from "./WayLayer.tsx";
import { pathOf, startOf } from "./ways.ts";

/** A connection that is being drawn. */
interface Wire {
  exit: ExitRef;
  from: Point;
  pointer: { x: number; y: number };
  over: HTMLElement | null;
  frame: number;
}

/** This close to the border the canvas moves on, by so many pixels a frame. */
const BORDER = 40;
const SPEED = 12;

/**
 * Draws a connection from an exit to wherever the pointer lets it go: onto a
 * card to connect, onto the free canvas to add a card there. The line is moved
 * in the document itself, so that nothing is drawn again meanwhile.
 */
export function useWire(): (event: ReactPointerEvent<HTMLElement>) => void {
  const actions = useActions();
  const flow = useReactFlow();
  const wire = useRef<Wire | null>(null);

  const draw = useCallback(() => {
    const now = wire.current;
    if (now === null) return;
    const end = flow.screenToFlowPosition(now.pointer, { snapToGrid: false });
    document.getElementById(WIRE_ID)?.setAttribute("d", pathOf(now.from, end));
  }, [flow]);
  const stop = useCallback(() => {
    const now = wire.current;
    wire.current = null;
    if (now === null) return;
    cancelAnimationFrame(now.frame);
    now.over?.removeAttribute("data-target");
    document.getElementById(WIRE_ID)?.removeAttribute("d");
  }, []);
  useEffect(() => stop, [stop]);

  return useCallback(
    (event) => {
      const dot = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-exit]") : null;
      const card = dot?.closest<HTMLElement>(".react-flow__node")?.dataset.id;
      const field = dot?.dataset.exit;
      if (actions.readOnly || event.button !== 0 || dot === null || card === undefined || field === undefined)
        return;
      const exit = { card, field };
      const from = startOf(actions.board(), exit);
      if (from === null) return;
      event.preventDefault();
      event.stopPropagation();
      actions.ask(null);
      wire.current = { exit, from, pointer: at(event), over: null, frame: 0 };
      const canvas = event.currentTarget;
      const drift = () => {
        const now = wire.current;
        if (now === null) return;
        const by = pull(now.pointer, canvas.getBoundingClientRect());
        if (by.x !== 0 || by.y !== 0) {
          const { x, y, zoom } = flow.getViewport();
          void flow.setViewport({ x: x + by.x, y: y + by.y, zoom });
          draw();
        }
        now.frame = requestAnimationFrame(drift);
      };
      drift();
      const move = (moved: PointerEvent) => {
        const now = wire.current;
        if (now === null) return;
        now.pointer = at(moved);
        draw();
        point(now, under(moved));
      };
      const end = (ended: Event) => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", end);
        window.removeEventListener("pointercancel", end);
        window.removeEventListener("keydown", cancel, true);
        const far = ended instanceof PointerEvent && distance(at(ended), at(event)) > 8;
        const done = wire.current;
        stop();
        if (done === null || !(ended instanceof PointerEvent) || ended.type !== "pointerup" || !far) return;
        const target = under(ended);
        const to = target?.closest<HTMLElement>(".react-flow__node")?.dataset.id;
        if (to !== undefined) actions.edit(connect(actions.board(), exit, to));
        else if (target?.closest("[data-canvas]")) {
          actions.ask({ what: "insert", exit, at: flow.screenToFlowPosition(at(ended)) });
        }
      };
      const cancel = (pressed: KeyboardEvent) => {
        if (pressed.key !== "Escape") return;
        pressed.preventDefault();
        pressed.stopPropagation();
        end(pressed);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", end);
      window.addEventListener("pointercancel", end);
      window.addEventListener("keydown", cancel, true);
    },
    [actions, flow, draw, stop],
  );
}

const at = (event: { clientX: number; clientY: number }) => ({ x: event.clientX, y: event.clientY });
const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const under = (event: PointerEvent) => document.elementFromPoint(event.clientX, event.clientY);

/** Marks the card that would be connected. */
function point(wire: Wire, element: Element | null): void {
  const card = element?.closest<HTMLElement>(".react-flow__node") ?? null;
  if (card === wire.over) return;
  wire.over?.removeAttribute("data-target");
  card?.setAttribute("data-target", "");
  wire.over = card;
}

/** How the canvas is pulled when the pointer comes to its border. */
function pull(pointer: Point, box: DOMRect): Point {
  const along = (value: number, from: number, to: number) =>
    value < from + BORDER ? SPEED : value > to - BORDER ? -SPEED : 0;
  return { x: along(pointer.x, box.left, box.right), y: along(pointer.y, box.top, box.bottom) };
}
