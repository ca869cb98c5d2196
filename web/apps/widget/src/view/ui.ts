import type { Texts } from "../languages/en.ts";
import type { WidgetConfig } from "../protocol.ts";
import type { Scene } from "../state/scene.ts";
import type { Talk } from "../state/talk.ts";

/** What is being written and not sent yet. */
export type Draft = { card: string; text: string };

/** What every picture gets. */
export type Ui = {
  talk: Talk;
  scene: Scene;
  config: WidgetConfig;
  t: Texts;
  draft: Draft;
  /** The draft has changed. */
  redraw(): void;
};
