/**
 * Builds what the server embeds: `v1.js` (classic script), the view and its lazy chunks (ES modules named by
 * their content), `manifest.json` (which file is the view) and the SDK's types.
 */
import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
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
    lib: {
      entry: {
        view: `${here}src/view.tsx`,
        watch: `${here}src/loader/watch.ts`,
        sdk: `${here}src/sdk.ts`,
      },
      formats: ["es"],
    },
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
const paths = async (...names) =>
  Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name.toUpperCase(), JSON.stringify(`widget/${await chunk(name)}`)]),
    ),
  );
await build({
  ...shared,
  // The script knows the names of what it fetches itself; the view's comes with the server's answer.
  define: { ...shared.define, ...(await paths("view", "watch", "sdk")) },
  build: {
    ...output,
    lib: { entry: `${here}src/loader.ts`, formats: ["iife"], name: "usherLoader", fileName: () => "v1.js" },
    rolldownOptions: { output: { postBanner } },
  },
});

await build({
  ...shared,
  build: {
    ...output,
    lib: {
      entry: `${here}src/compat.ts`,
      formats: ["iife"],
      name: "usherCompat",
      fileName: () => "compat-adobedx.js",
    },
  },
});

// The viewer of documents: a page of its own, with the library's worker and the tables that rare documents need.
const pdfjs = dirname(fileURLToPath(import.meta.resolve("pdfjs-dist/package.json")));
const worker = await readFile(`${pdfjs}/legacy/build/pdf.worker.min.mjs`);
const workerName = `pdf-worker-${createHash("sha256").update(worker).digest("base64url").slice(0, 8)}.js`;
await writeFile(`${out}/${workerName}`, worker);
await cp(`${pdfjs}/cmaps`, `${out}/pdf/cmaps`, { recursive: true });
await cp(`${pdfjs}/wasm/openjpeg_nowasm_fallback.js`, `${out}/pdf/openjpeg_nowasm_fallback.js`);
await build({
  ...shared,
  define: { ...shared.define, WORKER: JSON.stringify(`./${workerName}`) },
  oxc: { jsx: { runtime: "automatic", importSource: "#view" } },
  build: {
    ...output,
    chunkSizeWarningLimit: 1000,
    lib: { entry: { viewer: `${here}src/viewer/main.tsx` }, formats: ["es"] },
    rolldownOptions: { output: { entryFileNames: "[name]-[hash].js", minify: true } },
  },
});
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Document</title>
<script type="module" src="/widget/${await chunk("viewer")}"></script>
</head>
<body></body>
</html>
`;
await writeFile(`${out}/viewer.html`, page);

const files = (await readdir(out)).filter((name) => name.endsWith(".js")).sort();
const view = await chunk("view");
await cp(`${here}src/meet.css`, `${out}/meet.css`);
await cp(`${here}src/usher.d.ts`, `${out}/usher.d.ts`);
await writeFile(`${out}/manifest.json`, `${JSON.stringify({ view, files }, null, 2)}\n`);
