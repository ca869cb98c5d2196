import { defineConfig } from "vitest/config";

/** Figures of the widget in Chromium; run through `cargo xtask bench widget`. */
export default defineConfig({ test: { include: ["e2e/bench/**/*.bench.test.ts"], fileParallelism: false } });
