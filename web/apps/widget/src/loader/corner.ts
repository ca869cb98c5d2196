import type { WidgetConfig } from "../protocol.ts";
import css from "./corner.css?inline";
import { addStyle } from "./style.ts";

/** The widget's only element on the page, and the bubble in it. The rest is drawn by the view. */
export type Corner = {
  host: HTMLElement;
  shadow: ShadowRoot;
  bubble: HTMLButtonElement;
  /** Puts the bubble in the site's look, and on the page. */
  draw(config: WidgetConfig): void;
};

/**
 * Drawn by the loader itself and by hand: the bubble is there one answer after the script, and costs next to nothing.
 * Everything goes through CSSOM: no inline style attribute, no style tag that a strict policy would drop.
 */
export const createCorner = (click: () => void): Corner => {
  const host = document.createElement("usher-widget");
  const shadow = host.attachShadow({ mode: "open" });
  const bubble = document.createElement("button");
  addStyle(shadow, css);
  bubble.onclick = click;
  shadow.append(bubble);
  return {
    host,
    shadow,
    bubble,
    draw({ colors, padding, position, bot_name }) {
      const set = (name: string, value: string) => host.style.setProperty(`--${name}`, value);
      set("x", `${padding.x}px`);
      set("y", `${padding.y}px`);
      set("button", colors.button);
      set("button_text", colors.button_text);
      bubble.className = `anchor ${position}`;
      bubble.setAttribute("aria-label", `Open chat with ${bot_name}`);
      if (!host.isConnected) document.body.append(host);
    },
  };
};
