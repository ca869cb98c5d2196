import { defineConfig } from "vitest/config";

/** Figures of the widget and the canvas in Chromium; run through `cargo xtask bench widget canvas`. */
export default defineConfig({ test: { include: ["e2e/bench/**/*.bench.test.ts"], fileParallelism: false } });
