/** The colours as the widget draws them: dark surfaces where asked for, every text legible. */
import type { Colors, SiteStyle } from "@usher/api";

const NIGHT = { background: "#16191d", bot_bubble: "#262b31", bot_text: "#eceef0" };
const [INK, PAPER] = ["#1b1f24", "#ffffff"];

export type Palette = Colors & { text: string; line: string; muted: string };

export function palette(style: Pick<SiteStyle, "colors" | "theme">, deviceIsDark: boolean): Palette {
  const dark = style.theme === "dark" || (style.theme === "auto" && deviceIsDark);
  const own = style.colors;
  const colors = dark && luminance(own.background) > 0.2 ? { ...own, ...NIGHT } : own;
  const text = legible(colors.bot_text, colors.background);
  return {
    ...colors,
    header_text: legible(colors.header_text, colors.header),
    bot_text: legible(colors.bot_text, colors.bot_bubble),
    visitor_text: legible(colors.visitor_text, colors.visitor_bubble),
    button_text: legible(colors.button_text, colors.button),
    text,
    line: `color-mix(in srgb, ${text} 14%, ${colors.background})`,
    muted: `color-mix(in srgb, ${text} 68%, ${colors.background})`,
  };
}

/** The wished colour where it can be read on its ground, else the neutral one that can. */
function legible(wished: string, ground: string): string {
  if (contrast(wished, ground) >= 4.5) return wished;
  return [INK, PAPER].find((one) => contrast(one, ground) >= 4.5) ?? "#000000";
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance of WCAG; what is no colour counts as white. */
function luminance(hex: string): number {
  const digits = /^#([\da-f]{6})$/i.exec(hex)?.[1] ?? "ffffff";
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
