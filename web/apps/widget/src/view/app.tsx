import { useLayoutEffect, useRef } from "preact/hooks";
import { fill } from "../languages/en.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { Panel } from "./panel.tsx";
import type { Ui } from "./ui.ts";

/** The anchor icon, the poke beside it, and the panel. */
export const App = (ui: Ui) => {
  const { chat, scene, config, t } = ui;
  const anchor = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  /** The visitor opened it by hand, so the focus may move. */
  const byHand = useRef(false);

  useLayoutEffect(() => {
    // Only a focus that was in the chat is brought back; the page's own is never taken.
    if (wasOpen.current && !scene.open && byHand.current) anchor.current?.focus();
    if (wasOpen.current !== scene.open) byHand.current = false;
    wasOpen.current = scene.open;
  });

  const open = () => {
    byHand.current = true;
    chat.open("visitor");
  };
  const close = () => {
    byHand.current = true;
    chat.close();
  };

  return (
    <div class={`root ${config.position}`}>
      {scene.open && <Panel {...ui} focus={byHand.current} close={close} />}
      <div class="poke-space" role="status">
        {scene.poke && (
          <div class="poke">
            <button type="button" class="poke-text" onClick={open}>
              <Avatar config={config} />
              <span>
                <span class="poke-name">{config.bot_name}</span>
                <span class="poke-words" dir="auto">
                  {scene.poke}
                </span>
              </span>
            </button>
            <button
              type="button"
              class="poke-close"
              aria-label={t.dismiss}
              onClick={() => {
                chat.dismissPoke();
                anchor.current?.focus();
              }}
            >
              <Icon of="close" />
            </button>
          </div>
        )}
      </div>
      <button
        type="button"
        ref={anchor}
        class={`anchor${scene.open ? " opened" : ""}`}
        aria-label={scene.open ? t.close : fill(t.open, { name: config.bot_name })}
        aria-expanded={scene.open}
        onClick={scene.open ? close : open}
      >
        <Icon of={scene.open ? "down" : "chat"} />
        {scene.unread && <span class="badge" />}
      </button>
    </div>
  );
};
