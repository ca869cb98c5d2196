import type { LiveWords } from "../languages/live.ts";
import type { Message } from "../protocol.ts";
import type { LiveScene, LiveState } from "../state/live.ts";
import type { Child } from "./dom.ts";
import type { Ui } from "./ui.ts";

/** What the pictures of a conversation ask for once an agent comes into it. */
export type Live = {
  /** Above the messages: who is there. */
  bar(ui: Ui): Child;
  /** A message of an agent. */
  row(message: Message, first: boolean, ui: Ui): Child;
  /** Below the messages: waiting, typing, and what is asked at the end. */
  below(ui: Ui): Child;
  composer(ui: Ui): Child;
  /** Changes when there is something to scroll to. */
  stand(): string;
  stop(): void;
};

/** What the visitor gives at the end, while it is being filled in. */
export type Given = { stars: number; comment: string; email: string; mail: boolean };

/** What every picture of a chat gets. */
export type LiveUi = Ui & {
  live: LiveScene;
  state: LiveState;
  w: LiveWords;
  given: Given;
  /** Puts the style sheet where the element is. */
  style(element: HTMLElement): void;
};
