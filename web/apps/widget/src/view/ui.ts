import type { Texts } from "../languages/en.ts";
import type { WidgetConfig } from "../protocol.ts";
import type { Chat } from "../state/chat.ts";
import type { Scene } from "../state/scene.ts";

/** What every picture gets. */
export type Ui = { chat: Chat; scene: Scene; config: WidgetConfig; t: Texts };
