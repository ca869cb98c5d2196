/**
 * What conversations need that do not stand beside the bubble: the look of a dialog over the page, and places inside
 * elements of the page.
 */
import type { Bubble } from "../bubble.ts";
import { addStyle } from "../loader/style.ts";
import type { WidgetConfig } from "../protocol.ts";
import { dress } from "./dress.ts";
import css from "./frames.css?inline";
import base from "./greeting.css?inline";
import panel from "./panel.css?inline";

const styled = new WeakSet<Bubble>();
/** Adds the look of dialogs to the bubble's. */
export const styleFrames = (bubble: Bubble): void => {
  if (styled.has(bubble)) return;
  styled.add(bubble);
  bubble.style(css);
};

/** A place inside an element of the page, in a shadow root of its own. */
export type Inside = { place: HTMLElement; dress(): void; remove(): void };

export const inside = (element: HTMLElement, config: WidgetConfig): Inside => {
  const host = document.createElement("usher-inline");
  const shadow = host.attachShadow({ mode: "open" });
  for (const sheet of [base, panel, css]) addStyle(shadow, sheet);
  const root = document.createElement("div");
  shadow.append(root);
  dress(host, root, config);
  element.append(host);
  return { place: root, dress: () => dress(host, root, config), remove: () => host.remove() };
};
