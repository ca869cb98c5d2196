import type { WidgetConfig } from "../protocol.ts";
import { palette } from "../state/colors.ts";

/** Puts the site's look on a shadow host and on the root of what is drawn in it. */
export const dress = (host: HTMLElement, root: HTMLElement, config: WidgetConfig): void => {
  const { scheme, ...colors } = palette(config.colors, isDark(config.theme));
  for (const name in colors) host.style.setProperty(`--${name}`, colors[name as keyof typeof colors]);
  if (config.font) host.style.setProperty("--font", config.font);
  root.className = `root ${config.position}`;
  root.style.colorScheme = scheme;
  root.lang = config.language;
  // The attribute and not the computed style, which would force one upon the page.
  root.dir = document.documentElement.dir || document.body.dir;
};

const isDark = (theme: WidgetConfig["theme"]) =>
  theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
