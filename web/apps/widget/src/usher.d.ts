/**
 * Types of `window.usher`, the one global of the Usher widget (`/widget/v1.js`).
 * Copy this file into your project or reference it: `/// <reference path="usher.d.ts" />`.
 */

/** How a conversation appears: beside the bubble, as a dialog over the page, or inside an element of it. */
export type UsherInterface = "chatbot" | "popup" | "inline";

/** What an event says about the conversation. `ready` says nothing. */
export interface UsherPayload {
  /** Name of the dialogue or flow. */
  name?: string;
  /** Id of the dialogue or flow. */
  id?: string;
  type?: "dialogue" | "flow";
  uiType?: UsherInterface;
  /** Id of the conversation; null while nothing of it is recorded. */
  sid?: string | null;
  /** The agent, in events about meetings and live chats. */
  agentName?: string;
  agentId?: string;
  /** The meeting, in `meeting_booked`. */
  meetingInfo?: object;
}

export type UsherEventName =
  | "ready"
  | "conversation_triggered"
  | "conversation_engaged"
  | "conversation_completed"
  | "conversation_closed"
  | "input_email"
  | "input_phone"
  | "meeting_booked"
  | "live_chat_requested"
  | "live_chat_initiated"
  | "live_chat_ended"
  | "live_chat_timeout";

/** The same object reaches `usher.on` and listeners of the DOM event `usher:NAME` on `document`. */
export interface UsherEvent extends CustomEvent<{ payload: UsherPayload }> {
  readonly data: { payload: UsherPayload };
}

export type UsherListener = (event: UsherEvent) => void;

export interface UsherFlowOptions {
  /** The flow's own choice when absent. */
  ui?: UsherInterface;
  /** Where it is shown when `ui` is `inline`: an element or its selector. */
  target?: Element | string;
  /** For `{{context.name}}` in the flow's texts: at most 20 values of 500 characters, names of a-z, 0-9 and _. */
  context?: Record<string, string>;
}

/** A condition on a field of the form, or on the person's membership of a list. */
export type UsherFormCondition =
  | {
      /** The field's name. */
      field: string;
      /** An operator of the criteria language, such as `is`, `contains`, `at_least`. */
      op: string;
      values?: (string | number | boolean)[];
      /** Of operators such as `in_past`. */
      unit?: string;
    }
  | {
      /** Id of a list or smart list. */
      member_of: string;
      op: "is_member" | "is_not_member";
    };

export interface UsherFormChoice {
  criteria: { all: UsherFormCondition[] } | { any: UsherFormCondition[] };
  /** Id of the flow. */
  flow: string;
  ui?: UsherInterface;
}

export interface UsherFormOptions {
  /** The flow that is started, and how it appears. */
  flow?: string;
  ui?: UsherInterface;
  /** Or: the first choice whose criteria hold, at most ten. */
  choices?: UsherFormChoice[];
  /** When none holds. */
  else?: string | { flow: string; ui?: UsherInterface };
  /** Which attribute a field fills, by the field's name. Others are recognised by their names. */
  map?: Record<string, string>;
  /** What the form is called in the activity log; its `name` or `id` when absent. */
  name?: string;
  /**
   * What becomes of the page's own submission when a flow starts. `after` (default): it takes place when the flow has
   * ended or was closed. `instead`: it does not take place. When no flow starts, it always takes place at once.
   */
  followUp?: "after" | "instead";
}

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
  /** Starts a flow. One that the visitor has begun and not finished goes on instead. */
  startFlow(id: string, options?: UsherFlowOptions): void;
  /** Says who the visitor is, by a token that your server has signed. */
  identify(token: string): void;
  /** Lets the submission of a form start a flow. An element, or a selector that also finds forms that come later. */
  attachForm(form: HTMLFormElement | string, options: UsherFormOptions): void;
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
    "usher:meeting_booked": UsherEvent;
    "usher:live_chat_requested": UsherEvent;
    "usher:live_chat_initiated": UsherEvent;
    "usher:live_chat_ended": UsherEvent;
    "usher:live_chat_timeout": UsherEvent;
  }
}
