import { useEffect, useRef } from "preact/hooks";
import { small } from "../state/chat.ts";

type Ref<T> = { current: T | null };

const FOCUSABLE = "button:not(:disabled), a[href], input, select, textarea";

/**
 * Keeps the focus in the conversation: an answered card takes its button away, and the next card gets the focus
 * that was there. Never takes it from the page: whoever points or tabs elsewhere has left.
 * `card` is the card that waits now.
 */
export const useKeptFocus = (panel: Ref<HTMLElement>, card: string | undefined) => {
  const inside = useRef(false);
  const wrote = useRef(false);
  const before = useRef(card);

  useEffect(() => {
    const box = panel.current;
    if (!box) return;
    const enter = (event: FocusEvent) => {
      inside.current = true;
      const to = event.target as HTMLElement;
      if (!to.matches(".list")) wrote.current = to.matches(".compose *");
    };
    const leave = (event: FocusEvent) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget as Node)) inside.current = false;
    };
    const point = (event: Event) => {
      if (!event.composedPath().includes(box)) inside.current = false;
    };
    box.addEventListener("focusin", enter);
    box.addEventListener("focusout", leave);
    document.addEventListener("pointerdown", point, true);
    return () => document.removeEventListener("pointerdown", point, true);
  }, [panel]);

  useEffect(() => {
    const box = panel.current;
    const fresh = card !== before.current;
    before.current = card;
    if (!box || !inside.current) return;
    const root = box.getRootNode() as ShadowRoot;
    const list = box.querySelector<HTMLElement>(".list");
    const lost = !root.activeElement && (document.activeElement ?? document.body) === document.body;
    if (lost) list?.focus();
    if (!card || !fresh || root.activeElement !== list) return;
    const composer = wrote.current ? box.querySelector<HTMLElement>(".compose textarea") : null;
    const control = box.querySelector<HTMLElement>(`.responses button, .card :is(${FOCUSABLE})`);
    const next = composer ?? control;
    // On a phone a field would bring the keyboard up before the question has been read.
    if (next && (next.matches("button") || !small() || composer)) next.focus({ preventScroll: true });
  });
};

/** Keeps the focus inside a sheet that covers the page. */
export const trap = (event: KeyboardEvent, panel: HTMLElement) => {
  const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const now = (panel.getRootNode() as ShadowRoot).activeElement;
  const last = event.shiftKey ? stops[0] : stops.at(-1);
  if (now === last || (now === panel && event.shiftKey)) {
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
  }
};
