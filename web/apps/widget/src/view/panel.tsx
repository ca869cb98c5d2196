import { useEffect, useRef } from "preact/hooks";
import { fill } from "../languages/en.ts";
import { small } from "../state/chat.ts";
import { Avatar } from "./avatar.tsx";
import { Composer } from "./composer.tsx";
import { trap, useKeptFocus } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { MessageList } from "./message-list.tsx";
import type { Ui } from "./ui.ts";

/** The conversation: beside the anchor, or over the whole screen of a phone. */
export const Panel = (ui: Ui & { focus: boolean; close(): void }) => {
  const { chat, scene, config, t, close } = ui;
  const panel = useRef<HTMLElement>(null);
  const sheet = small();

  useEffect(() => {
    if (ui.focus) panel.current?.focus();
  }, [ui.focus]);
  useKeyboardRoom(panel, sheet);
  useKeptFocus(panel, scene.waiting?.card_id);

  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && sheet && panel.current) trap(event, panel.current);
  };

  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={sheet || undefined}
      aria-label={fill(t.title, { name: config.bot_name })}
      tabIndex={-1}
      onKeyDown={keys}
    >
      <header class="header">
        <Avatar config={config} />
        <h2 dir="auto">{config.bot_name}</h2>
        {scene.allowRestart && (
          <button type="button" class="icon" aria-label={t.restart} title={t.restart} onClick={chat.restart}>
            <Icon of="again" />
          </button>
        )}
        <button type="button" class="icon" aria-label={t.close} title={t.close} onClick={close}>
          <Icon of="close" />
        </button>
      </header>
      <MessageList {...ui} />
      <footer>
        <p class="status" role="status">
          {scene.trouble ? t.offline : scene.notice ? t[scene.notice] : ""}
        </p>
        {scene.waiting?.kind === "question" && scene.waiting.allow_text && (
          <Composer key={scene.waiting.card_id} {...ui} cardId={scene.waiting.card_id} />
        )}
        {config.privacy_url && (
          <a class="privacy" href={config.privacy_url} target="_blank" rel="noopener noreferrer">
            {t.privacy}
            <span class="sr"> ({t.new_tab})</span>
          </a>
        )}
      </footer>
    </section>
  );
};

/** Fits the sheet into what the on-screen keyboard leaves of the screen. */
const useKeyboardRoom = (panel: { current: HTMLElement | null }, sheet: boolean) => {
  useEffect(() => {
    const room = window.visualViewport;
    if (!room || !sheet) return;
    const fit = () => {
      panel.current?.style.setProperty("--room", `${room.height}px`);
      panel.current?.style.setProperty("--top", `${room.offsetTop}px`);
    };
    fit();
    room.addEventListener("resize", fit);
    room.addEventListener("scroll", fit);
    return () => {
      room.removeEventListener("resize", fit);
      room.removeEventListener("scroll", fit);
    };
  }, [panel, sheet]);
};
