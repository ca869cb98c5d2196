import type { Colors } from "../protocol.ts";

const INK = "#1b1f24";
const PAPER = "#ffffff";
/** Neutral surfaces for a dark page when the site's own colours are light. */
const NIGHT = { background: "#16191d", bot_bubble: "#262b31", bot_text: "#eceef0" };

/** One of a colour's channels as light, 0 to 1. */
const light = (channel: number) => {
  const c = (channel & 255) / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};

/** WCAG relative luminance of a hex colour (`#rrggbb` or `#rgb`), 0 to 1; an unreadable value counts as white. */
export const luminance = (hex: string): number => {
  const digits = hex.replace("#", "");
  const rgb = Number(`0x${digits.length === 3 ? digits.replace(/./g, "$&$&") : digits}`);
  return rgb >= 0 ? 0.2126 * light(rgb >> 16) + 0.7152 * light(rgb >> 8) + 0.0722 * light(rgb) : 1;
};

export const contrast = (a: string, b: string): number => {
  const ratio = (luminance(a) + 0.05) / (luminance(b) + 0.05);
  return Math.max(ratio, 1 / ratio);
};

/** `wished` where it can be read on `ground`, otherwise the darker or lighter neutral that can (WCAG AA). */
export const legible = (wished: string, ground: string): string => {
  if (contrast(wished, ground) >= 4.5) return wished;
  // Of pure black and white one always can.
  return [INK, PAPER].find((c) => contrast(c, ground) >= 4.5) ?? "#000000";
};

/** The colours as they are drawn: dark surfaces where they are asked for, every text legible on its ground. */
export const palette = (own: Colors, dark: boolean): Palette => {
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
