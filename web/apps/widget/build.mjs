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

/**
 * Everything in these files runs as soon as they are there: browsers that know the hint compile them on another thread
 * while they arrive, instead of function by function while the page waits.
 */
const postBanner = "//# allFunctionsCalledOnLoad";
const output = {
  target: "es2022",
  /** The oldest browsers that mix colours, which the style sheets rely on. */
  cssTarget: ["chrome111", "firefox113", "safari16.4"],
  outDir: out,
  emptyOutDir: false,
  minify: "oxc",
};

await rm(out, { recursive: true, force: true });
await build({
  ...shared,
  oxc: { jsx: { runtime: "automatic", importSource: "#view" } },
  build: {
    ...output,
    lib: { entry: { view: `${here}src/view.tsx`, watch: `${here}src/loader/watch.ts` }, formats: ["es"] },
    rolldownOptions: {
      // What view and desk share may live in the view: one request less.
      preserveEntrySignatures: "allow-extension",
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        minify: true,
        postBanner: ({ name }) => (/view|desk/.test(name) ? postBanner : ""),
      },
    },
  },
});

const chunk = async (name) => {
  const found = (await readdir(out)).find((file) => file.startsWith(`${name}-`));
  if (!found) throw new Error(`the build made no chunk ${name}`);
  return found;
};
await build({
  ...shared,
  // The script knows the names of what it fetches itself; the view's comes with the server's answer.
  define: { ...shared.define, CHUNKS: JSON.stringify({ watch: await chunk("watch") }) },
  build: {
    ...output,
    lib: { entry: `${here}src/loader.ts`, formats: ["iife"], name: "usherLoader", fileName: () => "v1.js" },
    rolldownOptions: { output: { postBanner } },
  },
});

const files = (await readdir(out)).filter((name) => name.endsWith(".js")).sort();
const view = await chunk("view");
await cp(`${here}src/usher.d.ts`, `${out}/usher.d.ts`);
await writeFile(`${out}/manifest.json`, `${JSON.stringify({ view, files }, null, 2)}\n`);
