import type { LiveWords } from "../languages/live.ts";
import type { Message } from "../protocol.ts";
import type { LiveScene, LiveState } from "../state/live.ts";
import type { Scene } from "../state/scene.ts";
import type { Child } from "./dom.ts";
import type { Ui } from "./ui.ts";

/** What the pictures of a conversation ask for once an agent comes into it. */
export type Live = {
  /** Above the messages: who is there. */
  bar(ui: Ui): Child;
  /** A message of an agent, or a file. */
  row(message: Message, first: boolean, ui: Ui): Child;
  /** Below the messages: waiting, typing, and what is asked at the end. */
  below(ui: Ui): Child;
  composer(ui: Ui): Child;
  /** Changes when there is something to scroll to. */
  stand(): string;
  stop(): void;
};

/** Files of a chat: fetched once there is a chat to send them in. */
export type Files = {
  /** What a message holds. */
  show(message: Message): Child;
  /** What is on its way, or was not taken. */
  pending(scene: Scene): Child;
  /** Changes when there is something to scroll to. */
  stand(): number;
  button(): Child;
  onpaste(event: ClipboardEvent): void;
  ondragover(event: DragEvent): void;
  ondrop(event: DragEvent): void;
};

/** What the visitor gives at the end, while it is being filled in. */
export type Given = { stars: number; comment: string; email: string; mail: boolean };

/** What every picture of a chat gets. */
export type LiveUi = Ui & {
  live: LiveScene;
  state: LiveState;
  w: LiveWords;
  given: Given;
  files: Files | null;
  /** Puts the style sheet where the element is. */
  style(element: HTMLElement): void;
};
