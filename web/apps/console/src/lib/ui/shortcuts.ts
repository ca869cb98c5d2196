/**
 * Keyboard shortcuts: one registry, so that `?` can list what works here and now.
 *
 * A combination is keys separated by blanks, pressed one after the other
 * (`g p`); a key may carry `mod+` (⌘ on a Mac, Ctrl elsewhere) or `shift+`.
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  keys: string;
  label: string;
  group: string;
  run: () => void;
  /** Works while typing in a field, too. Only sensible with `mod+`. */
  whileTyping?: boolean;
  /** Works only while the focus is on an element that fits this selector, or inside of one. */
  within?: string;
  /** What the overview shows instead of the keys; null leaves the shortcut out of it. */
  shown?: string | null;
}

/** How long the second key of a sequence may take, in milliseconds. */
export const SEQUENCE_MS = 1200;

export interface KeyPress {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The press in the notation of `Shortcut.keys`, or null for a bare modifier. */
export function pressed(event: KeyPress): string | null {
  if (["Shift", "Control", "Alt", "Meta", "CapsLock", "Dead"].includes(event.key)) return null;
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const mod = event.metaKey || event.ctrlKey ? "mod+" : "";
  const alt = event.altKey ? "alt+" : "";
  // A printed sign such as "?" already says that shift was held.
  const shift = event.shiftKey && (key.length > 1 || mod !== "") ? "shift+" : "";
  return mod + alt + shift + key;
}

/**
 * Feeds one press into the pending sequence: what runs, and what is pending
 * afterwards. Later registrations win, so that a panel can override its page.
 */
export function match(
  shortcuts: readonly Shortcut[],
  pending: string,
  press: string,
): { run: Shortcut | null; pending: string } {
  const attempts = pending === "" ? [press] : [`${pending} ${press}`, press];
  for (const keys of attempts) {
    const found = shortcuts.findLast((one) => one.keys === keys);
    if (found) return { run: found, pending: "" };
    if (shortcuts.some((one) => one.keys.startsWith(`${keys} `))) return { run: null, pending: keys };
  }
  return { run: null, pending: "" };
}

/** True when the press belongs to a field that takes text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "file"].includes(target.type);
}

class Registry {
  #shortcuts: readonly Shortcut[] = [];
  readonly #listeners = new Set<() => void>();
  #pending = "";
  #since = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly list = (): readonly Shortcut[] => this.#shortcuts;

  add(shortcut: Shortcut): () => void {
    this.#set([...this.#shortcuts, shortcut]);
    return () => this.#set(this.#shortcuts.filter((one) => one !== shortcut));
  }

  readonly handle = (event: KeyboardEvent): void => {
    const press = pressed(event);
    if (press === null || event.defaultPrevented) return;
    const restricted = isTyping(event.target) || inDialog(event.target);
    const usable = this.#shortcuts.filter(
      (one) => (!restricted || one.whileTyping) && (one.within === undefined || isWithin(event, one.within)),
    );
    const pending = event.timeStamp - this.#since < SEQUENCE_MS ? this.#pending : "";
    const result = match(usable, pending, press);
    this.#pending = result.pending;
    this.#since = event.timeStamp;
    if (result.run !== null) {
      event.preventDefault();
      result.run.run();
    }
  };

  #set(next: readonly Shortcut[]): void {
    this.#shortcuts = next;
    for (const listener of this.#listeners) listener();
  }
}

function isWithin(event: KeyboardEvent, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null;
}

function inDialog(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  );
}

export const shortcuts = new Registry();

/** Offers a shortcut while the component is on the screen (and `active`). */
export function useShortcut(
  keys: string,
  label: string,
  run: () => void,
  options: {
    group?: string;
    whileTyping?: boolean;
    active?: boolean;
    within?: string;
    shown?: string | null;
  } = {},
): void {
  const { group = "This screen", whileTyping = false, active = true, within, shown } = options;
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!active) return undefined;
    return shortcuts.add({ keys, label, group, whileTyping, within, shown, run: () => latest.current() });
  }, [keys, label, group, whileTyping, active, within, shown]);
}

/** The shortcuts that work now, for the overview. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(shortcuts.subscribe, shortcuts.list);
}
