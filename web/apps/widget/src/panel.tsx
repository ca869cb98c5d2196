/** The conversation's panel: fetched while the page is idle, or when the chat is opened. */
import { render } from "preact";
import { Panel } from "./view/panel.tsx";
import type { Ui } from "./view/ui.ts";

export { default as css } from "./view/panel.css?inline";

/** Draws the panel into `into`, or takes it away. `focus`: it was opened by hand. */
export const drawPanel = (into: HTMLElement, ui: Ui, focus: boolean, close: () => void): void =>
  render(ui.scene.open ? <Panel {...ui} focus={focus} close={close} /> : null, into);

export const clearPanel = (into: HTMLElement): void => render(null, into);
