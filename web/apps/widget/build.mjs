/**
 * Builds what the server embeds: `v1.js` (classic script), the view and its lazy chunks (ES modules named by
 * their content), `manifest.json` (which file is the view) and the SDK's types.
 */
import { cp, readdir, rm, writeFile } from "node:fs/promises";
import { build } from "vite";

const here = new URL("./", import.meta.url).pathname;
const out = `${here}dist`;

/** @type {import("vite").InlineConfig} */
const shared = {
  configFile: false,
  root: here,
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"production"' },
};

const target = "es2022";
/** The oldest browsers that mix colours, which the style sheets rely on. */
const cssTarget = ["chrome111", "firefox113", "safari16.4"];

await rm(out, { recursive: true, force: true });
await build({
  ...shared,
  build: {
    target,
    cssTarget,
    outDir: out,
    emptyOutDir: false,
    minify: "oxc",
    lib: { entry: `${here}src/loader.ts`, formats: ["iife"], name: "usherLoader", fileName: () => "v1.js" },
  },
});
await build({
  ...shared,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: { alias: { "preact/jsx-runtime": `${here}src/view/jsx-runtime.ts` } },
  build: {
    target,
    cssTarget,
    outDir: out,
    emptyOutDir: false,
    minify: "oxc",
    lib: { entry: `${here}src/view.ts`, formats: ["es"] },
    rolldownOptions: {
      // What view and panel share may live in the view: one request less.
      preserveEntrySignatures: "allow-extension",
      output: { entryFileNames: "view-[hash].js", chunkFileNames: "[name]-[hash].js", minify: true },
    },
  },
});

const files = (await readdir(out)).filter((name) => name.endsWith(".js")).sort();
const view = files.find((name) => name.startsWith("view-"));
if (!view) throw new Error("the build made no view chunk");
await cp(`${here}src/usher.d.ts`, `${out}/usher.d.ts`);
await writeFile(`${out}/manifest.json`, `${JSON.stringify({ view, files }, null, 2)}\n`);
