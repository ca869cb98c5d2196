import type { EventName, Payload } from "./core.ts";

const full = (name: EventName) => `usher:${name}`;

/** Tells the page, both by the DOM event's `detail` and by the SDK's `data`. */
export const emit = (name: EventName, payload: Payload = {}): Event => {
  const event = new CustomEvent(full(name), { bubbles: true, detail: { payload } });
  document.dispatchEvent(Object.assign(event, { data: { payload } }));
  return event;
};

export const listen = (name: EventName, run: (event: Event) => void): void =>
  document.addEventListener(full(name), run);
export const unlisten = (name: EventName, run: (event: Event) => void): void =>
  document.removeEventListener(full(name), run);
