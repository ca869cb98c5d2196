import type { Texts } from "../languages/en.ts";
import type { WidgetConfig } from "../protocol.ts";
import type { Chat } from "../state/chat.ts";
import type { Scene } from "../state/scene.ts";

/** What is being written and not sent yet. */
export type Draft = { card: string; text: string };

/** What every picture gets. */
export type Ui = {
  chat: Chat;
  scene: Scene;
  config: WidgetConfig;
  t: Texts;
  draft: Draft;
  /** The draft has changed. */
  redraw(): void;
};
