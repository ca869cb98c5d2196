import { defineConfig } from "vitest/config";

/** Journeys in Chromium against the real server: one file at a time, each with a server of its own. */
export default defineConfig({
  test: {
    include: ["e2e/journeys/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 180_000,
    // As long as Playwright waits: a page that is slow on a busy machine is no wrong page.
    expect: { poll: { timeout: 10_000 } },
  },
});
