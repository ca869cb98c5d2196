import type { Colors, WidgetConfig } from "../protocol.ts";

const INK = "#1b1f24";
const PAPER = "#ffffff";
/** Neutral surfaces for a dark page when the site's own colours are light. */
const NIGHT = { background: "#16191d", bot_bubble: "#262b31", bot_text: "#eceef0" };

/** WCAG relative luminance of a hex colour, 0 to 1; an unreadable value counts as white. */
export const luminance = (hex: string): number => {
  const digits = /^#?([\da-f]{3}|[\da-f]{6})$/i.exec(hex)?.[1] ?? "ffffff";
  const full = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  const [r, g, b] = [0, 2, 4].map((at) => {
    const c = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

export const contrast = (a: string, b: string): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** `wished` where it can be read on `ground`, otherwise the darker or lighter neutral that can (WCAG AA). */
export const legible = (wished: string, ground: string): string => {
  if (contrast(wished, ground) >= 4.5) return wished;
  // Of pure black and white one always can.
  return [INK, PAPER].find((c) => contrast(c, ground) >= 4.5) ?? "#000000";
};

/** The colours as they are drawn: dark surfaces where the theme asks for them, every text legible on its ground. */
export const palette = (config: Pick<WidgetConfig, "colors" | "theme">, prefersDark: boolean): Palette => {
  const dark = config.theme === "dark" || (config.theme === "auto" && prefersDark);
  const own = config.colors;
  const night = luminance(own.background) < 0.2 || dark;
  const c: Colors = dark && luminance(own.background) > 0.2 ? { ...own, ...NIGHT } : own;
  return {
    ...c,
    header_text: legible(c.header_text, c.header),
    bot_text: legible(c.bot_text, c.bot_bubble),
    visitor_text: legible(c.visitor_text, c.visitor_bubble),
    button_text: legible(c.button_text, c.button),
    text: legible(c.bot_text, c.background),
    // The site's accent where it can be seen on the ground (3:1 for graphics), else the text's colour.
    accent: contrast(c.button, c.background) >= 3 ? c.button : legible(c.bot_text, c.background),
    wrong: legible(night ? "#ff9d94" : "#b3261e", c.background),
    scheme: night ? "dark" : "light",
  };
};

export type Palette = Colors & { text: string; accent: string; wrong: string; scheme: "dark" | "light" };
