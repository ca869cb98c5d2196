import type { Beginning, Core, Reply } from "./loader/core.ts";
import type { ConversationView, PageResponse } from "./protocol.ts";
import type { Look } from "./view/greeting.tsx";

/** The server's answer to the news that a dialogue is on the screen. */
export type Counted = Promise<Reply<{ conversation: ConversationView | null }>>;

/** What the bubble lends to the conversations. */
export type Bubble = {
  core: Core;
  /** Where the panel is drawn. */
  place: HTMLElement;
  /** Adds a style sheet. */
  style(css: string): void;
  show(change: Partial<Look>): void;
  /** Dark and light have changed. */
  redress(): void;
  focus(): void;
  /** The panel has been closed: what was decided meanwhile may be shown. */
  closed(): void;
  /** The page's conversation is gone, and with it the reason to greet. */
  forgot(): void;
};

/** What the conversations lend to the bubble. */
export type Desk = {
  update(page: PageResponse, shown: boolean, counted: Counted | undefined): void;
  begin(flow: Beginning): void;
  /** `visitor`: by a click in the chat, as against a call from the page. */
  open(by: "visitor" | "page"): void;
  close(by: "visitor" | "page"): void;
  /** The site's notification. */
  sound(): void;
  /** The visitor wants to hear no more of the first card's words. */
  dismissed(): void;
  /** The visitor has the end of a conversation before the eyes. */
  reading(): boolean;
  reset(): void;
};
