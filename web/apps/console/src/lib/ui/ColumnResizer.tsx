import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import classes from "./table.module.css";

const NARROWEST = 72;
const WIDEST = 720;
const STEP = 16;

interface ColumnResizerProps {
  width: number;
  onChange: (width: number) => void;
}

/** The edge of a column head: drag it, or move it with the arrow keys. */
export function ColumnResizer({ width, onChange }: ColumnResizerProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const set = (value: number) => onChange(Math.min(WIDEST, Math.max(NARROWEST, Math.round(value))));

  const down = (event: PointerEvent<HTMLHRElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const move = (event: PointerEvent<HTMLHRElement>) => {
    if (start.current === null) return;
    const forward = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    set(start.current.width + forward * (event.clientX - start.current.x));
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") set(width - STEP);
    if (event.key === "ArrowRight") set(width + STEP);
  };
  return (
    <hr
      className={classes.resizer}
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Column width"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={key}
    />
  );
}
