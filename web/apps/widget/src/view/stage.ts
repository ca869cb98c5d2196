import type { Corner } from "../loader/corner.ts";
import { addStyle } from "../loader/style.ts";
import type { WidgetConfig } from "../protocol.ts";
import { palette } from "../state/colors.ts";

/** The place on the page where the chat is drawn. */
export type Stage = {
  /** Where the panel is drawn, and where the words beside the bubble. */
  place: HTMLElement;
  greeting: HTMLElement;
  /** Adds a style sheet. */
  style(css: string): void;
  /** Puts the site's look on, and the chat on the page. */
  dress(config: WidgetConfig): void;
  /** Lets the next dressing be a whole one: dark and light have changed, or the language. */
  undress(language: string): void;
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
  return {
    place,
    greeting,
    style: (more) => addStyle(shadow, more),
    dress(config) {
      if (dressed === config) return;
      dressed = config;
      corner.draw(config);
      const { scheme, ...colors } = palette(config.colors, isDark(config.theme));
      for (const name in colors) host.style.setProperty(`--${name}`, colors[name as keyof typeof colors]);
      if (config.font) host.style.setProperty("--font", config.font);
      root.className = `root ${config.position}`;
      root.style.colorScheme = scheme;
      root.lang ||= config.language;
      // The attribute and not the computed style, which would force one upon the page.
      root.dir = document.documentElement.dir || document.body.dir;
    },
    undress(language) {
      dressed = null;
      root.lang = language;
    },
    clear() {
      dressed = null;
      host.remove();
    },
  };
};

const box = () => document.createElement("div");
const isDark = (theme: WidgetConfig["theme"]) =>
  theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
