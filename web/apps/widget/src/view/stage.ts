import type { Corner } from "../loader/corner.ts";
import { addStyle } from "../loader/style.ts";
import type { WidgetConfig } from "../protocol.ts";
import { dress } from "./dress.ts";

/** The place on the page where the chat is drawn. */
export type Stage = {
  /** Where the panel is drawn, and where the words beside the bubble. */
  place: HTMLElement;
  greeting: HTMLElement;
  /** Adds a style sheet. */
  style(css: string): void;
  /** Puts the site's look on, and the chat on the page. */
  dress(config: WidgetConfig): void;
  /** Lets the next dressing be a whole one. */
  undress(): void;
  /** Takes the chat off the page. */
  clear(): void;
};

export const createStage = (corner: Corner, css: string): Stage => {
  const { host, shadow } = corner;
  const [root, place, greeting] = [box(), box(), box()];
  let dressed: WidgetConfig | null = null;
  greeting.setAttribute("role", "status");
  root.append(place, greeting);
  shadow.prepend(root);
  addStyle(shadow, css);
  const undress = () => {
    dressed = null;
  };
  return {
    place,
    greeting,
    style: (more) => addStyle(shadow, more),
    dress(config) {
      if (dressed === config) return;
      dressed = config;
      corner.draw(config);
      dress(host, root, config);
    },
    undress,
    clear() {
      undress();
      host.remove();
    },
  };
};

const box = () => document.createElement("div");
