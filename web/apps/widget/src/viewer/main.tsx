/**
 * The viewer of documents: a page of Usher's own, shown in a frame inside the conversation. A file of somebody's making
 * is taken apart here, in another origin than the website's and on a worker of its own, so that neither its size nor
 * its contents can touch the page.
 */
import { GlobalWorkerOptions, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { fill } from "../languages/fill.ts";
import { draw } from "../view/dom.ts";
import { type Book, openBook } from "./book.ts";
import { printBook } from "./print.ts";
import { findAll, type Match, nearest } from "./search.ts";
import { Toolbar, type ToolbarState } from "./toolbar.tsx";
import css from "./viewer.css?inline";
import { type FromViewer, readAssignment } from "./wire.ts";
import { wordsOf } from "./words.ts";

/** Names of the files beside this one; the build fills them in. */
declare const WORKER: string;
const SEARCH_PAUSE_MS = 250;
/** What was searched is told when the reader has stopped typing for this long. */
const SEARCH_TOLD_MS = 1500;

const { path, name, language, around, dark } = readAssignment(location.hash);
const words = wordsOf(language);
const file = new URL(path || "/nothing", location.origin);

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
document.documentElement.lang = language || "en";
document.documentElement.className = dark ? "dark" : "";
document.documentElement.style.colorScheme = dark ? "dark" : "light";
document.title = name;

const tell = (message: FromViewer) => {
  if (around && parent !== window) parent.postMessage(message, around);
};

const bar = document.createElement("header");
const pages = document.createElement("main");
pages.tabIndex = 0;
pages.setAttribute("aria-label", name);
document.body.replaceChildren(bar, pages);

let book: Book | undefined;
let state: ToolbarState = { page: 1, count: 0, found: null, notice: words.loading };
let matches: Match[] = [];
let at = 0;
let wanted = "";
let pause = 0;
let told = 0;

const show = (change: Partial<ToolbarState>) => {
  state = { ...state, ...change };
  draw(bar, <Toolbar state={state} words={words} file={file.href} name={name} acts={acts} />);
};

const search = async (text: string) => {
  wanted = text;
  clearTimeout(pause);
  clearTimeout(told);
  pause = setTimeout(async () => {
    const texts = (await book?.texts()) ?? [];
    if (text !== wanted || !book) return;
    matches = findAll(texts, text);
    at = nearest(matches, book.page());
    book.mark(matches, at);
    show({ found: text.trim() ? { at: matches.length ? at + 1 : 0, count: matches.length } : null });
  }, SEARCH_PAUSE_MS) as unknown as number;
  if (text.trim()) {
    told = setTimeout(() => tell({ kind: "search", text: text.trim() }), SEARCH_TOLD_MS) as unknown as number;
  }
};

const acts = {
  goTo: (page: number) => book?.goTo(page),
  zoom: (step: -1 | 1) => book?.zoom(step),
  search,
  match(step: -1 | 1) {
    if (!matches.length) return;
    at = (at + step + matches.length) % matches.length;
    book?.mark(matches, at);
    show({ found: { at: at + 1, count: matches.length } });
  },
  downloaded: () => tell({ kind: "downloaded" }),
  async print() {
    if (!book) return;
    const { count } = book;
    await printBook(book, (page) => show({ notice: fill(words.preparing, { page, count }) }));
    show({ notice: null });
    tell({ kind: "printed" });
  },
};

const keys = (event: KeyboardEvent) => {
  const held = event.ctrlKey || event.metaKey;
  const typing = event.target instanceof HTMLInputElement;
  const done = () => event.preventDefault();
  if (event.key === "Escape") tell({ kind: "escape" });
  else if (held && event.key === "f") {
    done();
    bar.querySelector<HTMLInputElement>("[type=search]")?.focus();
  } else if (held && event.key === "p") {
    done();
    acts.print();
  } else if (typing || held || !book) return;
  else if (event.key === "PageDown" || event.key === "ArrowRight") {
    done();
    book.goTo(book.page() + 1);
  } else if (event.key === "PageUp" || event.key === "ArrowLeft") {
    done();
    book.goTo(book.page() - 1);
  } else if (event.key === "Home") book.goTo(1);
  else if (event.key === "End") book.goTo(book.count);
  else if (event.key === "+" || event.key === "=") book.zoom(1);
  else if (event.key === "-") book.zoom(-1);
};

/** Policies of ours keep strings out of script addresses; this one is made by the build. */
const workerAddress = () => {
  const href = new URL(WORKER, import.meta.url).href;
  const types = (window as { trustedTypes?: { createPolicy(name: string, rules: object): Policy } })
    .trustedTypes;
  return types
    ? types.createPolicy("usher-viewer", { createScriptURL: () => href }).createScriptURL("")
    : href;
};
type Policy = { createScriptURL(text: string): string };

const open = async () => {
  GlobalWorkerOptions.workerPort = new Worker(workerAddress() as string, { type: "module" });
  const here = import.meta.url;
  const base = new URL("pdf/", here).href;
  const pdf = await getDocument({
    // By its path only: a document is always one of this server.
    url: file.origin === location.origin ? file.href : "/nothing",
    cMapUrl: `${base}cmaps/`,
    wasmUrl: base,
    isEvalSupported: false,
    useWasm: false,
    enableXfa: false,
    stopAtErrors: false,
  }).promise;
  book = await openBook(pdf, pages, () => {
    show({ page: book?.page() ?? 1 });
    tell({ kind: "page", page: book?.page() ?? 1 });
  });
  show({ count: book.count, notice: null });
  tell({ kind: "page", page: 1 });
};

addEventListener("keydown", keys);
show({});
tell({ kind: "ready" });
open().catch(() => {
  show({ notice: words.failed });
  tell({ kind: "failed" });
});
