/** A document as a column of pages: drawn when they come near the eye, let go when they are far. */
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";
import { TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Match } from "./search.ts";

/** Canvases beyond this many pixels are more than some phones can hold. */
const MAX_PIXELS = 16_000_000;
/** Pixels beyond which a page grows by the reader's zoom only. */
const COMFORTABLE = 900;
const MARGIN = 24;
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

type Leaf = {
  number: number;
  box: HTMLElement;
  /** In PDF units, at scale 1; the first page's until it is known. */
  size: { width: number; height: number };
  drawn: { scale: number; layer: TextLayer | null; cancel(): void } | null;
  visible: number;
};

export type Book = {
  readonly count: number;
  /** The page that fills most of the window. */
  page(): number;
  goTo(page: number): void;
  /** -1 smaller, 1 larger. */
  zoom(step: -1 | 1): void;
  /** What stands on each page. */
  texts(): Promise<string[]>;
  /** Marks all matches, and shows the one at `at`. */
  mark(matches: Match[], at: number): void;
  /** A picture of a page for printing. */
  picture(page: number): Promise<Blob>;
};

export const openBook = async (
  pdf: PDFDocumentProxy,
  window_: HTMLElement,
  turned: () => void,
): Promise<Book> => {
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  let zoom = 1;
  let current = 1;
  let found: Match[] = [];
  let foundAt = 0;
  let pieces: Piece[][] = [];

  const leaves: Leaf[] = Array.from({ length: pdf.numPages }, (_, at) => {
    const box = document.createElement("div");
    box.className = "leaf";
    box.dataset.page = `${at + 1}`;
    return {
      number: at + 1,
      box,
      size: { width: first.width, height: first.height },
      drawn: null,
      visible: 0,
    };
  });
  const leafOf = (element: Element) => leaves[Number((element as HTMLElement).dataset.page) - 1] as Leaf;
  /** How large a page is drawn: it fills the width as far as lines can be read, times the zoom. */
  const scaleOf = (leaf: Leaf) =>
    (Math.min(window_.clientWidth - MARGIN, COMFORTABLE) / leaf.size.width) * zoom;

  const place = (leaf: Leaf) => {
    const scale = scaleOf(leaf);
    leaf.box.style.width = `${Math.floor(leaf.size.width * scale)}px`;
    leaf.box.style.height = `${Math.floor(leaf.size.height * scale)}px`;
    leaf.box.style.setProperty("--total-scale-factor", `${scale}`);
  };

  const draw = async (leaf: Leaf) => {
    if (leaf.drawn && leaf.drawn.scale === scaleOf(leaf)) return;
    leaf.drawn?.cancel();
    const page = await pdf.getPage(leaf.number);
    const { width, height } = page.getViewport({ scale: 1 });
    leaf.size = { width, height };
    place(leaf);
    const scale = scaleOf(leaf);
    const viewport = page.getViewport({ scale });
    const canvas = document.createElement("canvas");
    const density = Math.min(devicePixelRatio, Math.sqrt(MAX_PIXELS / (viewport.width * viewport.height)));
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    const rendering = page.render({ canvas, viewport, transform: [density, 0, 0, density, 0, 0] });
    const words = document.createElement("div");
    words.className = "textLayer";
    const drawn = {
      scale,
      layer: null as TextLayer | null,
      cancel() {
        rendering.cancel();
        leaf.box.replaceChildren();
        leaf.drawn = null;
      },
    };
    leaf.drawn = drawn;
    leaf.box.replaceChildren(canvas, words);
    try {
      await rendering.promise;
      const layer = new TextLayer({
        textContentSource: page.streamTextContent(),
        container: words,
        viewport,
      });
      await layer.render();
      drawn.layer = layer;
      highlight();
    } catch {
      // Let go meanwhile.
    }
  };

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const leaf = leafOf(target);
        if (isIntersecting) draw(leaf);
        else leaf.drawn?.cancel();
      }
    },
    { root: window_, rootMargin: "100% 0px" },
  );
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRect } of entries) leafOf(target).visible = intersectionRect.height;
      const most = leaves.reduce((best, leaf) => (leaf.visible > best.visible ? leaf : best));
      if (most.visible === 0 || most.number === current) return;
      current = most.number;
      turned();
    },
    { root: window_, threshold: [0, 0.25, 0.5, 0.75, 1] },
  );

  const layOut = () => {
    const here = leaves[current - 1] as Leaf;
    const within = (window_.scrollTop - here.box.offsetTop) / (here.box.offsetHeight || 1);
    leaves.forEach(place);
    window_.scrollTop = here.box.offsetTop + within * here.box.offsetHeight;
    for (const leaf of leaves) if (leaf.drawn) draw(leaf);
  };
  let width = window_.clientWidth;
  new ResizeObserver(() => {
    if (window_.clientWidth === width) return;
    width = window_.clientWidth;
    layOut();
  }).observe(window_);

  const rangeOfMatch = (match: Match) => {
    const layer = leaves[match.page - 1]?.drawn?.layer;
    return layer ? rangeOf(layer.textDivs, pieces[match.page - 1] ?? [], match) : null;
  };
  /** Marks what was found on the pages that are drawn. */
  const highlight = () => {
    if (!("highlights" in CSS)) return;
    const ranges = found.flatMap((match, at) => {
      const range = rangeOfMatch(match);
      return range ? [{ at, range }] : [];
    });
    CSS.highlights.set("found", new Highlight(...ranges.map((r) => r.range)));
    CSS.highlights.set(
      "current",
      new Highlight(...ranges.filter((r) => r.at === foundAt).map((r) => r.range)),
    );
  };

  const goTo = (page: number) => {
    const leaf = leaves[Math.min(Math.max(page, 1), leaves.length) - 1] as Leaf;
    window_.scrollTop = leaf.box.offsetTop - MARGIN / 2;
  };

  for (const leaf of leaves) {
    place(leaf);
    near.observe(leaf.box);
    seen.observe(leaf.box);
  }
  window_.replaceChildren(...leaves.map((leaf) => leaf.box));

  return {
    count: pdf.numPages,
    page: () => current,
    goTo,
    zoom(step) {
      const next = step > 0 ? ZOOMS.find((z) => z > zoom) : ZOOMS.findLast((z) => z < zoom);
      zoom = next ?? zoom;
      layOut();
    },
    async texts() {
      if (pieces.length === 0) {
        pieces = await Promise.all(leaves.map(async ({ number }) => piecesOf(await pdf.getPage(number))));
      }
      return pieces.map((page) => page.map((piece) => piece.text).join(""));
    },
    mark(matches, at) {
      found = matches;
      foundAt = at;
      const match = matches[at];
      if (match && match.page !== current) goTo(match.page);
      highlight();
      const range = match && rangeOfMatch(match);
      range?.startContainer.parentElement?.scrollIntoView({ block: "center" });
    },
    async picture(number) {
      const page = await pdf.getPage(number);
      const viewport = page.getViewport({ scale: 150 / 72 });
      const canvas = document.createElement("canvas");
      canvas.width = viewport.width;
      canvas.height = viewport.height;
      await page.render({ canvas, viewport, intent: "print" }).promise;
      return new Promise((settle, refuse) => {
        canvas.toBlob((blob) => (blob ? settle(blob) : refuse(new Error("no picture"))));
      });
    },
  };
};

/** A piece of a page's text as it is searched: with the line end behind it, where there is one. */
type Piece = { text: string };

const piecesOf = async (page: PDFPageProxy): Promise<Piece[]> => {
  const { items } = await page.getTextContent();
  return items.flatMap((item) => ("str" in item ? [{ text: item.str + (item.hasEOL ? "\n" : "") }] : []));
};

/** Where a match stands among the elements of a drawn page, of which there is one for each piece. */
const rangeOf = (elements: HTMLElement[], pieces: Piece[], { from, to }: Match): Range | null => {
  const range = document.createRange();
  let at = 0;
  let begun = false;
  for (const [index, { text }] of pieces.entries()) {
    const node = elements[index]?.firstChild as Text | null | undefined;
    const end = at + text.length;
    const within = (place: number) => Math.min(Math.max(0, place - at), node?.data.length ?? 0);
    if (node && !begun && from < end) {
      range.setStart(node, within(from));
      begun = true;
    }
    if (node && begun && to <= end) {
      range.setEnd(node, within(to));
      return range;
    }
    at = end;
  }
  return null;
};
