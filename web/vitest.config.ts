import { defineConfig } from "vitest/config";

/** One project an app: each has its own JSX runtime, all run in happy-dom. */
const project = (name: string, root: string, jsxImportSource: string, define = {}) => ({
  define,
  oxc: { jsx: { runtime: "automatic" as const, importSource: jsxImportSource, development: false } },
  root,
  test: {
    name,
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      // What the widget's build fills in.
      project("widget", "./apps/widget", "#view", {
        VIEW: '"widget/view.js"',
        WATCH: '"widget/watch.js"',
        SDK: '"widget/sdk.js"',
      }),
      project("console", "./apps/console", "react"),
      project("api", "./packages/api", "react"),
      project("live", "./packages/live", "react"),
      project("stream", "./packages/stream", "react"),
    ],
  },
});
