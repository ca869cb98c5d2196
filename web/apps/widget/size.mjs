/**
 * Prints what a visitor's browser transfers (brotli, as the server sends it) and fails when it is over budget.
 * Needs `npm run build` before. `--json` prints figures for scripts.
 */
import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

const dist = new URL("./dist/", import.meta.url);
/** Budgets in bytes (contract, figures). */
const LOADER = 3_000;
const CONVERSATION = 20_000;
/** A chat with an agent, beyond the conversation. */
const LIVE = 12_000;

const brotli = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const read = (name) => readFile(new URL(name, dist));
/** A chunk and everything that it imports at once (not what it fetches later). */
const closure = async (name, seen = new Map()) => {
  if (seen.has(name)) return seen;
  const text = await read(name);
  seen.set(name, brotli(text));
  for (const [, , next] of text.toString().matchAll(/(?:from|import)\s*(["'])\.\/([\w.-]+)\1/g)) {
    await closure(next, seen);
  }
  return seen;
};

const manifest = JSON.parse(await read("manifest.json"));
const loader = brotli(await read("v1.js"));
const desk = manifest.files.find((name) => name.startsWith("desk-"));
const bubble = [...(await closure(manifest.view)).values()].reduce((sum, bytes) => sum + bytes, loader);
const chunks = await closure(desk, await closure(manifest.view));
const conversation = loader + [...chunks.values()].reduce((sum, bytes) => sum + bytes, 0);
const chat = await closure(manifest.files.find((name) => name.startsWith("live-")));
const live = [...chat].reduce((sum, [name, bytes]) => (chunks.has(name) ? sum : sum + bytes), 0);
const lazy = {};
for (const name of manifest.files) {
  if (name !== "v1.js" && !chunks.has(name)) lazy[name] = brotli(await read(name));
}

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ loader, bubble, conversation, live, lazy }));
} else {
  const row = (name, bytes, budget) =>
    console.log(`${name.padEnd(36)}${String(bytes).padStart(7)} B${budget ? `   of ${budget}` : ""}`);
  row("loader (v1.js)", loader, LOADER);
  row("poke (loader and view)", bubble);
  row("poke and conversation, all needed", conversation, CONVERSATION);
  row("live chat, beyond that", live, LIVE);
  for (const [name, bytes] of Object.entries(lazy)) row(`  later: ${name}`, bytes);
}
if (loader > LOADER || conversation > CONVERSATION || live > LIVE) {
  console.error("over budget");
  process.exit(1);
}
