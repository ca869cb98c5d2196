import { fill } from "../languages/en.ts";
import type { WidgetConfig } from "../protocol.ts";
import { PATHS } from "./icon-paths.ts";
import type { Ui } from "./ui.ts";

/**
 * The anchor icon and the poke beside it, built by hand: they are what every visitor's browser has to draw,
 * so they must not wait for the library that draws the conversation.
 */
export type Anchor = {
  /** Where the panel is drawn. */
  panel: HTMLElement;
  draw(ui: Ui): void;
  focus(): void;
};

type Acts = { toggle(): void; open(): void; dismiss(): void };

const SVG = "http://www.w3.org/2000/svg";

export const createAnchor = (root: HTMLElement, acts: Acts): Anchor => {
  const panel = element("div");
  const pokeSpace = element("div");
  pokeSpace.setAttribute("role", "status");
  const sign = icon("chat");
  const button = clickable("anchor", acts.toggle, sign);
  const badge = element("span", "badge");
  button.append(badge);
  root.append(panel, pokeSpace, button);
  let poked: string | null = null;

  return {
    panel,
    focus: () => button.focus(),
    draw({ scene, config, t }) {
      root.className = `root ${config.position}`;
      button.className = scene.open ? "anchor opened" : "anchor";
      button.setAttribute("aria-label", scene.open ? t.close : fill(t.open, { name: config.bot_name }));
      button.setAttribute("aria-expanded", `${scene.open}`);
      sign.firstElementChild?.setAttribute("d", scene.open ? PATHS.down : PATHS.chat);
      badge.hidden = !scene.unread;
      const wanted = scene.poke && `${t.dismiss}\n${scene.poke}`;
      if (wanted !== poked) {
        poked = wanted;
        pokeSpace.replaceChildren(...(scene.poke ? [poke(scene.poke, config, t.dismiss, acts)] : []));
      }
    },
  };
};

const poke = (text: string, config: WidgetConfig, dismiss: string, acts: Acts) => {
  const words = element("span", "poke-words", text);
  words.dir = "auto";
  const said = element("span", "", element("span", "poke-name", config.bot_name), words);
  const close = clickable("poke-close", acts.dismiss, icon("close"));
  close.setAttribute("aria-label", dismiss);
  return element("div", "poke", clickable("poke-text", acts.open, avatar(config), said), close);
};

const avatar = ({ avatar_url, bot_name }: WidgetConfig) => {
  const letter = ([...bot_name.trim()][0] ?? "·").toUpperCase();
  const box = element("span", "avatar", letter);
  box.ariaHidden = "true";
  if (avatar_url) {
    const picture = element("img");
    picture.alt = "";
    picture.onload = () => box.replaceChildren(picture);
    picture.src = avatar_url;
  }
  return box;
};

const element = <T extends keyof HTMLElementTagNameMap>(
  tag: T,
  className = "",
  ...content: (Node | string)[]
): HTMLElementTagNameMap[T] => {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
};

const clickable = (className: string, act: () => void, ...content: Node[]) => {
  const button = element("button", className, ...content);
  button.type = "button";
  button.onclick = act;
  return button;
};

const icon = (of: keyof typeof PATHS) => {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  path.setAttribute("d", PATHS[of]);
  svg.append(path);
  return svg;
};
