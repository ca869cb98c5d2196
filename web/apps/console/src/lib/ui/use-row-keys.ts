import type { RefObject } from "react";
import { useShortcut } from "./shortcuts.ts";

interface RowKeys {
  scroller: RefObject<HTMLElement | null>;
  rows: number;
  /** Scrolls the row into the drawn window. */
  reveal: (index: number) => void;
  select: ((index: number) => void) | undefined;
}

/** `j`/`k` move the focus from row to row, `x` selects; Enter is the link's own. */
export function useRowKeys({ scroller, rows, reveal, select }: RowKeys): void {
  const current = (): number => {
    const row = document.activeElement?.closest("tr[data-index]");
    return row instanceof HTMLElement && scroller.current?.contains(row) ? Number(row.dataset.index) : -1;
  };
  const focus = (index: number): boolean => {
    const link = scroller.current?.querySelector<HTMLElement>(`tr[data-index="${index}"] [data-row-link]`);
    link?.focus();
    return link != null;
  };
  const move = (by: number) => {
    if (rows === 0) return;
    const index = Math.min(rows - 1, Math.max(0, current() + by));
    reveal(index);
    // At once where the row is drawn, so that Enter may follow in the same breath. Otherwise it is drawn only
    // after the scroll that was just asked for.
    if (!focus(index)) requestAnimationFrame(() => focus(index));
  };
  useShortcut("j", "Next row", () => move(1), { group: "Lists" });
  useShortcut("k", "Previous row", () => move(-1), { group: "Lists" });
  useShortcut("x", "Select the row", () => current() >= 0 && select?.(current()), {
    group: "Lists",
    active: select !== undefined,
  });
}
