/**
 * The chat itself: fetched by the loader when there is something to show. Everything that it draws is in a
 * shadow root, so that neither the page's style reaches it nor its style the page.
 */
import { render } from "preact";
import { en, type Texts } from "./languages/en.ts";
import { textsOf } from "./languages/index.ts";
import type { Core, View } from "./loader/core.ts";
import { createChat } from "./state/chat.ts";
import { browserClock } from "./state/clock.ts";
import { openTabs } from "./state/tabs.ts";
import { App } from "./view/app.tsx";
import { createStage } from "./view/stage.ts";

export const mount = (core: Core): View => {
  const stage = createStage(core.nonce);
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  let texts: Texts = en;
  let language = "";
  let queued = false;
  let hidden = false;

  const draw = () => {
    queued = false;
    const config = chat.config();
    const scene = chat.scene();
    if (!config || !scene.present || hidden) return stage.clear();
    stage.dress(config, prefersDark.matches, language);
    render(<App chat={chat} scene={scene} config={config} t={texts} />, stage.root);
  };
  const changed = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(draw);
  };
  const speak = async (wanted: string) => {
    language = wanted;
    const found = await textsOf(wanted);
    if (language === wanted) texts = found;
    changed();
  };

  const chat = createChat(core, browserClock, {
    changed,
    async spoke() {
      const sound = chat.config()?.sound ?? "none";
      if (sound !== "none" && !document.hidden) (await import("./sound.ts")).play(sound);
    },
    tell: (id, seq, epoch) => tabs.tell({ id, seq, epoch }),
  });
  const tabs = openTabs(core.key, ({ id, seq, epoch }) => chat.hint(id, seq, epoch));

  prefersDark.addEventListener("change", changed);
  addEventListener("online", chat.online);
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    // Another tab signed the visitor out or withdrew consent: nothing of it may stay on this screen.
    if (key === null || (key === `usher.${core.key}.token` && oldValue && !newValue)) chat.reset();
  });

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
