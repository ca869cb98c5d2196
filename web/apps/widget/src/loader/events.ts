import type { EventName, Payload } from "./core.ts";

/** Every event is also an event of the document. */
export const domName = (name: EventName): string => `usher:${name}`;

/** Tells the page, both by the DOM event's `detail` and by the SDK's `data`. */
export const emit = (name: EventName, payload: Payload = {}): Event => {
  const event = new CustomEvent(domName(name), { bubbles: true, detail: { payload } });
  document.dispatchEvent(Object.assign(event, { data: { payload } }));
  return event;
};
