import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { cssVariables, theme } from "./src/lib/ui/theme.ts";

/**
 * The theme as a stylesheet. The component library would write these variables
 * into a style element at run time, which a strict content security policy
 * forbids; here they become an ordinary file.
 */
function themeStylesheet(): Plugin {
  const id = "virtual:theme.css";
  return {
    name: "usher-theme-stylesheet",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(resolved) {
      if (resolved !== `\0${id}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      const base = defaultCssVariablesResolver(merged);
      const own = cssVariables(merged);
      return convertCssVariables(
        {
          variables: { ...base.variables, ...own.variables },
          light: { ...base.light, ...own.light },
          dark: { ...base.dark, ...own.dark },
        },
        ":root",
      );
    },
  };
}

const server = process.env.USHER_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/console/",
  plugins: [react(), themeStylesheet()],
  build: {
    target: "es2022",
    // The polyfill would be an inline script.
    modulePreload: { polyfill: false },
    // Nothing as data: address, so that the policy needs no exception.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: "index.html", "push-worker": "src/push-worker.ts" },
      output: {
        // A worker has a scope by its address, and is looked for again under the same one.
        entryFileNames: ({ name }) => (name === "push-worker" ? "push-worker.js" : "assets/[name]-[hash].js"),
        advancedChunks: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: "mantine", test: /node_modules[\\/](@mantine|@floating-ui|react-remove-scroll)[\\/]/ },
            { name: "tanstack", test: /node_modules[\\/]@tanstack[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": server } },
});
