import { words } from "./api.ts";

/** As many cards as a canvas must carry. */
export const LARGE = 300;
const ROWS = 15;

/** A conversation as authors draw large ones: one question that parts into branches of questions, messages, goals. */
export function largeStream() {
  const id = (n: number) => (n < LARGE ? `card-${n}` : null);
  const cards = Array.from({ length: LARGE }, (_, n) => {
    const base = { id: `card-${n}`, title: `Card ${n}` };
    const text = words(`What card ${n} says to the visitor, at some length so that two lines are needed`);
    const column = Math.floor((n - 1) / ROWS);
    const onward = n === 0 ? null : id(n + ROWS);
    const response = (nth: number, next: string | null) => ({
      id: `r${nth}`,
      label: `Response ${nth}`,
      next,
    });
    if (n === 0) {
      const responses = Array.from({ length: ROWS }, (_, row) => response(row, id(row + 1)));
      return { ...base, kind: "question", text, style: "list", responses };
    }
    if (column % 4 === 1) {
      const responses = [response(0, onward), response(1, id(n + ROWS - 1)), response(2, null)];
      return { ...base, kind: "question", text, style: "buttons", responses };
    }
    if (column % 4 === 3) return { ...base, kind: "goal", goal: `Goal ${n}`, next: onward };
    return { ...base, kind: "message", text, next: onward };
  });
  return { start: "card-0", cards };
}
