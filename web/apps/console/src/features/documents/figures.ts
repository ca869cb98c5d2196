/** What the figures of documents mean, and how they are said. */
import type { DocumentFigures, DocumentPage } from "@usher/api";
import { count, counted, DASH, duration } from "#lib/ui/format.ts";

export interface Figure {
  label: string;
  /** Exactly what counts. */
  means: string;
  of: (figures: DocumentFigures) => string;
}

export const FIGURES: readonly Figure[] = [
  {
    label: "Openings",
    means: "Times a visitor opened the document in a conversation; opening it again counts again.",
    of: (figures) => count(figures.opens),
  },
  {
    label: "People",
    means: "Different visitors who opened it, known or not. Erased people are not among them.",
    of: (figures) => count(figures.people),
  },
  {
    label: "Read",
    means: "Share of the pages that were on the screen, on average of all openings.",
    of: (figures) => percent(figures.share_read),
  },
  {
    label: "Time",
    means: "Time with the document on the screen, on average of all openings.",
    of: (figures) => duration(figures.average_seconds),
  },
  {
    label: "Downloads",
    means: "Openings in which the file was downloaded.",
    of: (figures) => count(figures.downloads),
  },
  {
    label: "Prints",
    means: "Openings in which the document was printed.",
    of: (figures) => count(figures.prints),
  },
];

const share = new Intl.NumberFormat(undefined, { style: "percent" });

/** A share from 0 to 1; unknown is a dash. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? DASH : share.format(value);
}

/** Neighbouring pages as one: `1–3, 7`. */
export function pagesText(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && page <= last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  const text = runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  return text.length === 0 ? DASH : text.join(", ");
}

/** What is worth saying about a page: how long, and how many of the openings saw it. */
export function pageLine(page: DocumentPage, opens: number): string {
  const seen = `${counted(page.views, "opening", "openings")} of ${count(opens)}`;
  return `Page ${page.page}: ${duration(page.average_seconds)}, seen in ${seen}`;
}
