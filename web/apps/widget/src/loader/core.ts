import type { ConsentMode, Interface, PageResponse, Started } from "../protocol.ts";
import type { Corner } from "./corner.ts";

/** An answer of the server; `status` 0 means that none came. `retryAfter` in seconds. */
export type Reply<T> = { status: number; body: T; retryAfter: number };

/** The names of the events that the page may listen to. */
export type EventName =
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

/** What an event says about the conversation (spec 02, SDK). */
export type Payload = {
  name?: string;
  id?: string;
  type?: "dialogue" | "flow";
  uiType?: Interface;
  sid?: string | null;
  agentName?: string;
  agentId?: string;
  meetingInfo?: object;
};

/**
 * What the loader lends to the view. The view has no other way to the network,
 * the storage or the page's listeners, so that consent is decided in one place.
 */
export type Core = {
  /** Site key: names the storage and the channel between tabs. */
  key: string;
  /**
   * Asks the visitor API; never throws. `path` is below `/api/visitor/v1/`; with a body it is a POST. `more` continues
   * the query.
   */
  call<T>(path: string, body?: object, more?: string): Promise<Reply<T>>;
  /** Keeps the token that the server has just given; stored only when that is allowed. */
  accept(token: string | null): void;
  /** The visitor has clicked in the chat: from now on `interaction` may store. */
  clicked(): void;
  /** Reads and writes this site's part of the storage; writing does nothing while storing is not allowed. */
  read(name: string): string | null;
  write(name: string, value: string | null): void;
  emit(name: EventName, payload?: Payload): unknown;
  /** Id of the page view being looked at. */
  pageView(): string;
  /** What may be stored, and why. */
  consent(): { granted: boolean; clicked: boolean; consent_mode: ConsentMode | undefined };
  uuid(): string;
  /** Nothing about the visitor may be sent. */
  silent(): boolean;
  /** Storing has just become allowed; set by whoever waits for it. */
  allowed?: (() => unknown) | undefined;
  /** Asks again what to show: the conversation at hand is gone. */
  again(): void;
  /** The widget's place on the page, with the bubble. */
  corner(): Corner;
  /** Lets the view do something, and fetches it first when it is not here. */
  withView(run: (view: View) => void): void;
};

/** A started flow on its way to the screen. */
export type Beginning = {
  started: Started;
  /** Starts it once more, now that the visitor has done something in it. */
  again(): Promise<Reply<Started>>;
  /** The element of the page in which it is shown, when it is. */
  target: HTMLElement | null;
  /** It was the visitor who started it, so the focus may go there. */
  byHand: boolean;
  /** The conversation has come to its end, or has been closed. */
  over?: () => void;
};

/** What the view lends to the loader. */
export type View = {
  /** A page view was decided. `shown`: its event has come. */
  update(page: PageResponse, shown: boolean): void;
  /** `visitor`: by a click on the bubble, as against a call from the page. */
  open(by: "visitor" | "page"): void;
  close(): void;
  /** A flow has been started by the page or by a click on it. */
  begin(flow: Beginning): void;
  /** Forgets the conversation and leaves the page. */
  reset(): void;
};

/** What the view chunk exports. */
export type ViewModule = { mount(core: Core): View };
