import { small } from "../state/screen.ts";

export const FOCUSABLE = "button:not(:disabled), a[href], input, select, textarea";

/** What is known about the focus in a panel. */
type Watch = {
  /** The focus is in the panel, or was when its element went away. */
  inside: boolean;
  /** It was in the free text. */
  wrote: boolean;
  /** The card that waited when the panel was last drawn. */
  card: string | undefined;
};
const watches = new WeakMap<HTMLElement, Watch>();

/**
 * Keeps the focus in the conversation: an answered card takes its button away, and the next card gets the focus
 * that was there. Never takes it from the page: whoever points or tabs elsewhere has left.
 * `card` is the card that waits now.
 */
export const keepFocus = (panel: HTMLElement, card: string | undefined): void => {
  const known = watches.get(panel) ?? watch(panel, card);
  const fresh = card !== known.card;
  known.card = card;
  if (!known.inside) return;
  const root = panel.getRootNode() as ShadowRoot;
  const list = panel.querySelector<HTMLElement>(".list");
  const lost = !root.activeElement && (document.activeElement ?? document.body) === document.body;
  if (lost) list?.focus();
  if (!card || !fresh || root.activeElement !== list) return;
  const composer = known.wrote ? panel.querySelector<HTMLElement>(".compose textarea") : null;
  const control = panel.querySelector<HTMLElement>(`.responses button, .card :is(${FOCUSABLE})`);
  const next = composer ?? control;
  // On a phone a field would bring the keyboard up before the question has been read.
  if (next && (next.matches("button") || !small() || composer)) next.focus({ preventScroll: true });
};

const watch = (panel: HTMLElement, card: string | undefined): Watch => {
  const known: Watch = { inside: false, wrote: false, card };
  watches.set(panel, known);
  panel.addEventListener("focusin", (event) => {
    known.inside = true;
    const to = event.target as HTMLElement;
    if (!to.matches(".list")) known.wrote = to.matches(".compose *");
  });
  panel.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !panel.contains(relatedTarget as Node)) known.inside = false;
  });
  const point = (event: Event) => {
    if (!panel.isConnected) document.removeEventListener("pointerdown", point, true);
    if (!event.composedPath().includes(panel)) known.inside = false;
  };
  document.addEventListener("pointerdown", point, true);
  return known;
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
