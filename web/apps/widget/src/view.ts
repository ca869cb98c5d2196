/**
 * The chat itself: fetched by the loader when there is something to show. Everything that it draws is in a
 * shadow root, so that neither the page's style reaches it nor its style the page.
 */
import { en, type Texts } from "./languages/en.ts";
import { textsOf } from "./languages/index.ts";
import type { Core, View } from "./loader/core.ts";
import type { WidgetConfig } from "./protocol.ts";
import { createChat } from "./state/chat.ts";
import { browserClock } from "./state/clock.ts";
import { openTabs } from "./state/tabs.ts";
import css from "./view/anchor.css?inline";
import { createAnchor } from "./view/anchor.ts";
import { createStage } from "./view/stage.ts";

type PanelModule = typeof import("./panel.tsx");

export const mount = (core: Core): View => {
  const stage = createStage(core.nonce);
  stage.style(css);
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  let texts: Texts = en;
  let language = "en";
  let queued = false;
  let hidden = false;
  let dressed: WidgetConfig | null = null;
  let panel: PanelModule | undefined;
  let fetching = false;
  let wasOpen = false;
  /** The visitor opened or closed by hand, so the focus may move. */
  let byHand = false;

  const fetchPanel = () => {
    if (fetching) return;
    fetching = true;
    import("./panel.tsx").then(
      (module) => {
        panel = module;
        stage.style(module.css);
        changed();
      },
      () => {
        // Offline: the next click tries again.
        fetching = false;
      },
    );
  };

  const draw = () => {
    queued = false;
    const config = chat.config();
    const scene = chat.scene();
    if (!config || !scene.present || hidden) {
      panel?.clearPanel(anchor.panel);
      dressed = null;
      stage.clear();
      return;
    }
    if (dressed !== config) stage.dress(config, prefersDark.matches, language);
    dressed = config;
    const ui = { chat, scene, config, t: texts };
    anchor.draw(ui);
    panel?.drawPanel(anchor.panel, ui, byHand, close);
    if (scene.open && !panel) fetchPanel();
    // Only a focus that was in the chat is brought back; the page's own is never taken.
    if (wasOpen && !scene.open && byHand) anchor.focus();
    if (wasOpen !== scene.open && (panel || !scene.open)) {
      byHand = false;
      wasOpen = scene.open;
    }
  };
  const changed = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(draw);
  };
  const redress = () => {
    dressed = null;
    changed();
  };
  const speak = async (wanted: string) => {
    language = wanted;
    const found = await textsOf(wanted);
    if (language === wanted) texts = found;
    redress();
  };

  const chat = createChat(core, browserClock, {
    changed,
    async spoke() {
      const sound = chat.config()?.sound ?? "none";
      // Browsers let a page sound only after the visitor has touched it.
      if (sound === "none" || document.hidden || !navigator.userActivation?.hasBeenActive) return;
      (await import("./sound.ts")).play(sound);
    },
    tell: (id, seq, epoch) => tabs.tell({ id, seq, epoch }),
  });
  const tabs = openTabs(core.key, ({ id, seq, epoch }) => chat.hint(id, seq, epoch));

  const open = () => {
    byHand = true;
    fetchPanel();
    chat.open("visitor");
  };
  const close = () => {
    byHand = true;
    chat.close();
  };
  const anchor = createAnchor(stage.root, {
    open,
    toggle: () => (chat.scene().open ? close() : open()),
    dismiss() {
      chat.dismissPoke();
      anchor.focus();
    },
  });

  prefersDark.addEventListener("change", redress);
  addEventListener("online", chat.online);
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    // Another tab signed the visitor out or withdrew consent: nothing of it may stay on this screen.
    if (key === null || (key === `usher.${core.key}.token` && oldValue && !newValue)) chat.reset();
  });
  // So that a click answers at once.
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
  idle(fetchPanel, { timeout: 5000 });

  return {
    update(page, shown) {
      chat.update(page, shown);
      const wanted = page.widget?.language;
      if (wanted && wanted !== language) speak(wanted);
    },
    open: () => chat.open("page"),
    close: chat.close,
    visible(on) {
      hidden = !on;
      changed();
    },
    reset: chat.reset,
  };
};
