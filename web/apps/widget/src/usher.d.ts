/**
 * Types of `window.usher`, the one global of the Usher widget (`/widget/v1.js`).
 * Copy this file into your project or reference it: `/// <reference path="usher.d.ts" />`.
 */

/** What an event says about the conversation. `ready` says nothing. */
export interface UsherPayload {
  /** Name of the dialogue. */
  name?: string;
  /** Id of the dialogue. */
  id?: string;
  type?: "dialogue" | "flow";
  uiType?: "popup" | "chatbot" | "inline";
  /** Id of the conversation; null while the visitor has not agreed to be remembered. */
  sid?: string | null;
}

export type UsherEventName =
  | "ready"
  | "conversation_triggered"
  | "conversation_engaged"
  | "conversation_completed"
  | "conversation_closed"
  | "input_email"
  | "input_phone";

/** The same object reaches `usher.on` and listeners of the DOM event `usher:NAME` on `document`. */
export interface UsherEvent extends CustomEvent<{ payload: UsherPayload }> {
  readonly data: { payload: UsherPayload };
}

export type UsherListener = (event: UsherEvent) => void;

export interface UsherCommands {
  /** Listens. A listener of `ready` that comes late is called at once. */
  on(event: UsherEventName, listener: UsherListener): void;
  off(event: UsherEventName, listener: UsherListener): void;
  /** Counts a page view that the address bar does not show. Both parts default to the page's own. */
  page(at?: { url?: string; title?: string }): void;
  /** `true`: the visitor agrees. `false`: withdraws; everything stored is removed at once. */
  consent(given: boolean): void;
  /** Opens the chat when there is a dialogue for this page. */
  open(): void;
  /** Closes the chat, as the visitor would. */
  close(): void;
  /** Shows the widget again after `hide`. */
  show(): void;
  /** Takes the widget off this page until `show` or the next load. */
  hide(): void;
  /** Forgets the visitor: a new one begins. */
  logout(): void;
}

export interface Usher extends Readonly<UsherCommands> {
  <C extends keyof UsherCommands>(command: C, ...args: Parameters<UsherCommands[C]>): void;
}

declare global {
  interface Window {
    readonly usher: Usher;
  }
  interface DocumentEventMap {
    "usher:ready": UsherEvent;
    "usher:conversation_triggered": UsherEvent;
    "usher:conversation_engaged": UsherEvent;
    "usher:conversation_completed": UsherEvent;
    "usher:conversation_closed": UsherEvent;
    "usher:input_email": UsherEvent;
    "usher:input_phone": UsherEvent;
  }
}
