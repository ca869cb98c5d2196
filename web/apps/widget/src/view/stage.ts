import type { WidgetConfig } from "../protocol.ts";
import { palette } from "../state/colors.ts";

/** The place on the page where the chat is drawn. */
export type Stage = {
  root: HTMLElement;
  /** Adds a style sheet. */
  style(css: string): void;
  /** Puts the site's look on and the chat on the page. */
  dress(config: WidgetConfig, prefersDark: boolean, language: string): void;
  /** Takes it off the page. */
  clear(): void;
};

/** Everything goes through CSSOM: no inline style attribute, no style tag that a strict policy would drop. */
export const createStage = (nonce: string | undefined): Stage => {
  const host = document.createElement("usher-widget");
  const shadow = host.attachShadow({ mode: "open" });
  const root = document.createElement("div");
  shadow.append(root);

  return {
    root,
    style(css) {
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
      } catch {
        const style = document.createElement("style");
        if (nonce) style.nonce = nonce;
        style.textContent = css;
        shadow.append(style);
      }
    },
    dress(config, prefersDark, language) {
      const { scheme, ...colors } = palette(config, prefersDark);
      const set = (name: string, value: string) => host.style.setProperty(name, value);
      for (const [name, value] of Object.entries(colors)) set(`--${name}`, value);
      set("--x", `${config.padding.x}px`);
      set("--y", `${config.padding.y}px`);
      if (config.font) set("--font", config.font);
      root.style.colorScheme = scheme;
      root.lang = language;
      // The attribute and not the computed style, which would force one upon the page.
      root.dir = document.documentElement.dir || document.body.dir;
      if (!host.isConnected) document.body.append(host);
    },
    clear: () => host.remove(),
  };
};
