/** Undo and redo of one value, without limit, as a value itself. */

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** What the last change belongs to: changes of the same thing are undone together. */
  group: string | null;
}

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], group: null };
}

/** Records a change; within one group (typing in a field) only its beginning is kept. */
export function record<T>(history: History<T>, next: T, group: string | null): History<T> {
  if (Object.is(next, history.present)) return history;
  const together = group !== null && group === history.group && history.future.length === 0;
  return {
    past: together ? history.past : [...history.past, history.present],
    present: next,
    future: [],
    group,
  };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    group: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, group: null };
}
