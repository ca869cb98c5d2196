/**
 * The conversation: fetched while the page is idle, or when the chat is opened. Ties what is known (`state/`) to what
 * is drawn (`view/`).
 */
import type { Bubble, Desk } from "./bubble.ts";
import { en, type Texts } from "./languages/en.ts";
import { textsOf } from "./languages/index.ts";
import { createChat } from "./state/chat.ts";
import { browserClock } from "./state/clock.ts";
import { openTabs } from "./state/tabs.ts";
import { draw } from "./view/dom.ts";
import css from "./view/panel.css?inline";
import { Panel } from "./view/panel.tsx";
import type { Draft } from "./view/ui.ts";

export const openDesk = (bubble: Bubble): Desk => {
  const { core } = bubble;
  bubble.style(css);
  let texts: Texts = en;
  let language = "en";
  let queued = false;
  let wasOpen = false;
  /** The visitor opened or closed by hand, so the focus may move. */
  let byHand = false;
  const draft: Draft = { card: "", text: "" };

  const redraw = () => {
    queued = false;
    const config = chat.config();
    const scene = chat.scene();
    if (!config || !scene.present) bubble.forgot();
    else bubble.show({ present: true, open: scene.open, unread: scene.unread });
    const focus = byHand && !wasOpen;
    draw(
      bubble.place,
      config && scene.open && (
        <Panel {...{ chat, scene, config, t: texts, draft, focus, close: bubble.close, redraw: changed }} />
      ),
    );
    // Only a focus that was in the chat is brought back; the page's own is never taken.
    if (wasOpen && !scene.open && byHand) bubble.focus();
    if (wasOpen !== scene.open) byHand = false;
    wasOpen = scene.open;
  };
  const changed = () => {
    if (!queued) queueMicrotask(redraw);
    queued = true;
  };
  const speak = async (wanted: string) => {
    language = wanted;
    const found = await textsOf(wanted);
    if (language !== wanted) return;
    texts = found;
    dress();
  };
  const dress = () => {
    bubble.redress(language);
    bubble.show({ words: texts });
    changed();
  };
  const sound = async () => {
    const wanted = chat.config()?.sound ?? "none";
    // Browsers let a page sound only after the visitor has touched it.
    if (wanted === "none" || document.hidden || !navigator.userActivation?.hasBeenActive) return;
    (await import("./sound.ts")).play(wanted);
  };

  const chat = createChat(core, browserClock, {
    changed,
    spoke: sound,
    tell: (id, seq, epoch) => tabs.tell({ id, seq, epoch }),
  });
  const tabs = openTabs(core.key, ({ id, seq, epoch }) => chat.hint(id, seq, epoch));

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  addEventListener("online", chat.online);
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    // Another tab signed the visitor out or withdrew consent: nothing of it may stay on this screen.
    if (key === null || (key === `usher.${core.key}.token` && oldValue && !newValue)) chat.reset();
  });

  return {
    update(page, shown, counted) {
      chat.update(page, shown, counted);
      const wanted = page.widget?.language;
      if (wanted && wanted !== language) speak(wanted);
    },
    open(by) {
      byHand = by === "visitor";
      chat.open(by);
    },
    close(by) {
      byHand = by === "visitor";
      chat.close();
      redraw();
      bubble.closed();
    },
    sound,
    dismissed: chat.dismiss,
    reading: chat.reading,
    reset: chat.reset,
  };
};
