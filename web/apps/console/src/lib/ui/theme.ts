import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
  rem,
} from "@mantine/core";

/** A deep, calm teal: white text on shade 6 has a contrast of 5.3. */
const accent: MantineColorsTuple = [
  "#eef9f7",
  "#d6f0ec",
  "#a9dfd7",
  "#74c9be",
  "#45b0a3",
  "#23968a",
  "#117a70",
  "#0c6159",
  "#0a4f49",
  "#073b37",
];

const gray: MantineColorsTuple = [
  "#f8f9fa",
  "#f1f3f4",
  "#e7eaec",
  "#dbdfe2",
  "#c6cbd0",
  "#969da5",
  "#5f666d",
  "#4b5157",
  "#32373c",
  "#1b1f23",
];

const dark: MantineColorsTuple = [
  "#e4e6e9",
  "#c2c6cc",
  "#9ba1a9",
  "#70767f",
  "#3c4148",
  "#2f3339",
  "#23262b",
  "#17191d",
  "#111316",
  "#0c0d0f",
];

const SYSTEM_FONTS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, "Noto Color Emoji", "Apple Color Emoji", sans-serif';

/** The library makes help texts smaller than the type scale goes. */
const SMALL_TEXT = { label: { fontSize: rem(13) }, description: { fontSize: rem(12) } };

const TITLE = { fontSize: rem(16), fontWeight: 600 };
const VEIL = { backgroundOpacity: 0.4 };

export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: "accent",
  primaryShade: 6,
  defaultRadius: rem(8),
  fontFamily: SYSTEM_FONTS,
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(20) },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  headings: {
    fontFamily: SYSTEM_FONTS,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: rem(20), lineHeight: "1.3" },
      h2: { fontSize: rem(16), lineHeight: "1.4" },
      h3: { fontSize: rem(14), lineHeight: "1.4" },
    },
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "xs" }, styles: { root: { fontWeight: 500 } } },
    Checkbox: { defaultProps: { radius: 4 }, styles: SMALL_TEXT },
    Radio: { styles: SMALL_TEXT },
    // Scroll locking would write a style element; the dialogs cover the page anyway.
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        overlayProps: VEIL,
        transitionProps: { duration: 140 },
      },
      styles: { title: TITLE },
    },
    Drawer: {
      defaultProps: { lockScroll: false, overlayProps: VEIL, transitionProps: { duration: 160 } },
      styles: { title: TITLE },
    },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, transitionProps: { duration: 120 } } },
    // The library's placeholder for the first focus is no child that a menu may have; the menu itself takes the focus.
    Menu: {
      defaultProps: { shadow: "md", transitionProps: { duration: 120 }, withInitialFocusPlaceholder: false },
    },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
    Badge: { defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 500 } },
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
      styles: {
        label: { marginBottom: rem(4), fontSize: rem(13) },
        description: { marginTop: rem(4), fontSize: rem(12) },
        error: { marginTop: rem(4), fontSize: rem(12) },
      },
    },
    Anchor: { defaultProps: { underline: "hover" } },
  },
});

/** Text of the tinted variants, dark enough for AA on their tint. */
const TINTED_TEXT = {
  accent: "#0a4f49",
  gray: "#3d4348",
  red: "#a61e1e",
  green: "#1c6230",
  yellow: "#6f4c00",
  blue: "#155a9c",
};

/** Red on which white text can be read. The library sets it for each scheme, so that it has to be set for each again. */
const FILLED = {
  "--mantine-color-red-filled": "#c92a2a",
  "--mantine-color-red-filled-hover": "#b02525",
};

/** What the library's own variables get wrong for contrast, and the greys of ours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...FILLED,
    "--mantine-color-text": gray[9],
    "--mantine-color-dimmed": gray[6],
    "--mantine-color-placeholder": "#6b7279",
    "--mantine-color-error": "#b92525",
    "--mantine-color-default-border": gray[3],
    "--mantine-color-default-hover": gray[1],
    "--usher-side": gray[0],
    "--usher-line": gray[2],
    "--usher-hover": gray[1],
    "--usher-selected": accent[0],
    "--usher-way": "#7d858d",
    "--usher-glow": "rgb(17 122 112 / 22%)",
    ...Object.fromEntries(
      Object.entries(TINTED_TEXT).map(([name, hex]) => [`--mantine-color-${name}-light-color`, hex]),
    ),
  },
  dark: {
    ...FILLED,
    "--mantine-color-text": dark[0],
    "--mantine-color-dimmed": dark[2],
    "--mantine-color-placeholder": dark[2],
    "--mantine-color-error": "#ff8f8f",
    "--mantine-color-default-border": dark[4],
    "--mantine-color-accent-light-color": accent[3],
    "--usher-side": dark[8],
    "--usher-line": dark[5],
    "--usher-hover": dark[6],
    "--usher-selected": "#143330",
    "--usher-way": "#858c95",
    "--usher-glow": "rgb(69 176 163 / 32%)",
  },
});

/** Remembers the choice in this browser, so that the sign-in page looks right, too. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "usher-theme" });
