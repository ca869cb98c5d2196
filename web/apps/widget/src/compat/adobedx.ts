/**
 * For sites that move over: the listener interface of the chat that they had before, on top of Usher's SDK, so that
 * their callbacks go on working. Fetched only by pages that name it (`/widget/compat-adobedx.js`), before or after `v1.js`.
 */
import type { EventName, Payload } from "../loader/core.ts";

type Usher = ((command: string, ...args: unknown[]) => unknown) & { q?: IArguments[] };
type Heard = { type: string; data: { payload: Payload & { agentID?: string } } };
type Listener = (event: Heard) => void;

/** What the callbacks call an event, and what Usher calls it. */
const EVENTS: Record<string, EventName> = {
  CONVERSATION_TRIGGERED: "conversation_triggered",
  CONVERSATION_ENGAGED: "conversation_engaged",
  CONVERSATION_COMPLETED: "conversation_completed",
  CONVERSATION_CLOSED: "conversation_closed",
  CONVERSATION_INPUT_EMAIL: "input_email",
  CONVERSATION_INPUT_PHONE: "input_phone",
  CONVERSATION_MEETING_BOOKED: "meeting_booked",
  CONVERSATION_LIVE_CHAT_REQUESTED: "live_chat_requested",
  CONVERSATION_LIVE_CHAT_INITIATED: "live_chat_initiated",
  CONVERSATION_LIVE_CHAT_ENDED: "live_chat_ended",
  CONVERSATION_LIVE_CHAT_REQUEST_TIMEOUT: "live_chat_timeout",
};

export const install = (): void => {
  const page = window as unknown as { usher?: Usher; AdobeDX?: object };
  if (page.AdobeDX) return;
  page.usher ??= queue();
  // Not kept: the queue is replaced when the script comes.
  const usher: Usher = (...args) => page.usher?.(...args);
  const wrapped = new Map<Listener, (event: Event & Heard) => void>();

  const addListener = (name: string, listener: Listener) => {
    const type = EVENTS[name];
    if (!type) return;
    const heard = ({ data }: Event & Heard) => {
      const { payload } = data;
      listener({ type: name, data: { payload: { ...payload, agentID: payload.agentId } } });
    };
    wrapped.set(listener, heard);
    usher("on", type, heard);
  };
  const removeListener = (name: string, listener: Listener) =>
    usher("off", EVENTS[name], wrapped.get(listener));

  const Events = Object.fromEntries(Object.keys(EVENTS).map((name) => [name, name]));
  page.AdobeDX = Object.freeze({ addListener, removeListener, Enum: Object.freeze({ Events }) });
  usher("on", "ready", () => window.dispatchEvent(new Event("adobedx.conversations.ready")));
};

/** Keeps calls until the script comes, as the documented stub does. */
const queue = (): Usher => {
  const stub: Usher = function usher() {
    stub.q ??= [];
    // biome-ignore lint/complexity/noArguments: the queue holds calls as the browser hands them over.
    stub.q.push(arguments);
  };
  return stub;
};
