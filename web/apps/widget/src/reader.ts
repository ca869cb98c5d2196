/**
 * A document opened from its card: a frame with the viewer over the conversation, or over the whole window, and what the
 * visitor does with it told to the server as it happens. Fetched when the first document is opened.
 */
import type { Texts } from "./languages/en.ts";
import { addStyle } from "./loader/style.ts";
import type { OfferedDocument, WidgetConfig } from "./protocol.ts";
import { createReading } from "./state/reading.ts";
import type { Talk } from "./state/talk.ts";
import css from "./view/reader.css?inline";
import { drawReader } from "./view/reader.tsx";
import { assign, readMessage } from "./viewer/wire.ts";

type Opening = {
  /** What was clicked; the focus comes back to it. */
  button: HTMLElement;
  document: OfferedDocument;
  card_id: string;
  talk: Talk;
  config: WidgetConfig;
  t: Texts;
};

/** A frame that has not said a word by then is not allowed by the page's policy, or the server is away. */
const PATIENCE_MS = 8000;
const styled = new WeakSet<Node>();

/** The viewer's page lies beside this file. */
const here = import.meta.url;

export const openReader = ({ button, document: file, card_id, talk, config, t }: Opening): void => {
  const viewer = new URL(`viewer?site=${talk.site}`, here).href;
  const panel = button.closest<HTMLElement>(".panel");
  const shadow = button.getRootNode() as ShadowRoot;
  if (!panel || panel.querySelector(".reader")) return;
  if (!styled.has(shadow)) addStyle(shadow, css);
  styled.add(shadow);

  const { pathname, search } = new URL(file.url, viewer);
  const address = `${viewer}#${assign({
    path: pathname + search,
    name: file.name,
    language: config.language,
    around: location.origin,
    dark: getComputedStyle(panel).colorScheme === "dark",
  })}`;
  const box = window.document.createElement("section");
  const reading = createReading(
    (event) => talk.document(card_id, event),
    () => box.isConnected,
  );
  let state: "coming" | "there" | "failed" = "coming";
  let wide = false;

  const draw = () => {
    box.className = wide ? "reader wide" : "reader";
    drawReader(box, { address, name: file.name, state, wide, t, widen, close });
  };
  const fail = () => {
    state = "failed";
    draw();
  };
  const widen = () => {
    wide = !wide;
    draw();
  };
  const patience = setTimeout(() => state === "coming" && fail(), PATIENCE_MS);

  const heard = ({ source, origin, data }: MessageEvent) => {
    const frame = box.querySelector("iframe");
    if (!frame || source !== frame.contentWindow || origin !== new URL(viewer).origin) return;
    const message = readMessage(data);
    if (message?.kind === "ready") state = "there";
    else if (message?.kind === "failed") return fail();
    else if (message?.kind === "escape") return close();
    else if (message?.kind === "page") reading.turned(message.page);
    else if (message) reading.did(message);
    draw();
  };

  const close = () => {
    end();
    box.remove();
    if (button.isConnected) button.focus();
  };
  const end = () => {
    clearTimeout(patience);
    removeEventListener("message", heard);
    away.disconnect();
    reading.end();
  };
  // Whoever closes the conversation has closed the document, too.
  const away = new MutationObserver(() => {
    if (!box.isConnected) end();
  });

  addEventListener("message", heard);
  box.setAttribute("aria-label", file.name);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  panel.append(box);
  away.observe(shadow, { childList: true, subtree: true });
  draw();
  box.querySelector<HTMLElement>("iframe")?.focus();
};
