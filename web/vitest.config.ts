import { defineConfig } from "vitest/config";

/** One project an app: each has its own JSX runtime, all run in happy-dom. */
const project = (name: string, root: string, jsxImportSource: string) => ({
  oxc: { jsx: { runtime: "automatic" as const, importSource: jsxImportSource } },
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
      project("widget", "./apps/widget", "preact"),
      project("console", "./apps/console", "react"),
      project("api", "./packages/api", "react"),
      project("stream", "./packages/stream", "react"),
    ],
  },
});
