import type { DocumentEvent } from "../protocol.ts";

/** Time on a page is told at least this often while it is looked at. */
const TOLD_EVERY_MS = 15_000;
/** Shorter looks are leafing. */
const LEAST_SECONDS = 0.5;

export type Reading = {
  /** Another page is before the visitor's eyes. */
  turned(page: number): void;
  did(event: DocumentEvent): void;
  end(): void;
};

/**
 * Tells what a visitor does with a document: that it was opened, which page for how long while it is looked at.
 * `present`: the document is still on the screen.
 */
export const createReading = (tell: (event: DocumentEvent) => void, present: () => boolean): Reading => {
  let page = 0;
  let since = 0;
  const now = () => performance.now();

  /** Tells the time that has come together on the page, and begins anew. */
  const flush = () => {
    if (!present()) return stop();
    const seconds = Math.min(3600, Math.round((now() - since) / 100) / 10);
    if (page && since && seconds >= LEAST_SECONDS) tell({ kind: "page", page, seconds });
    since = document.hidden ? 0 : now();
  };
  const timer = setInterval(flush, TOLD_EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", flush);
  };
  document.addEventListener("visibilitychange", flush);
  tell({ kind: "opened" });

  return {
    turned(next) {
      if (next === page) return;
      flush();
      page = next;
    },
    did: tell,
    end() {
      flush();
      stop();
      tell({ kind: "closed" });
    },
  };
};
