import { fill } from "../languages/fill.ts";
import { small } from "../state/screen.ts";
import { Avatar } from "./avatar.tsx";
import { Composer } from "./composer.tsx";
import type { Child } from "./dom.ts";
import { keepFocus, trap } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { MessageList } from "./message-list.tsx";
import type { Ui } from "./ui.ts";

/** The conversation: beside the anchor, or over the whole screen of a phone. */
export const Panel = (ui: Ui & { focus: boolean; close(): void }) => {
  const { chat, scene, config, t, close } = ui;
  const { waiting } = scene;
  const sheet = small();
  const keys = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && sheet) trap(event, event.currentTarget);
  };
  const tool = (words: string, icon: Child, act: () => void) => (
    <button type="button" class="icon" aria-label={words} title={words} onclick={act}>
      {icon}
    </button>
  );

  return (
    <section
      class="panel"
      role="dialog"
      aria-modal={sheet}
      aria-label={fill(t.title, { name: config.bot_name })}
      tabindex="-1"
      onkeydown={keys}
      drawn={(panel) => {
        fitKeyboard(panel, sheet);
        if (ui.focus) panel.focus();
        keepFocus(panel, waiting?.card_id);
      }}
    >
      <header class="header">
        <Avatar config={config} />
        <h2 dir="auto">{config.bot_name}</h2>
        {scene.allowRestart && tool(t.restart, <Icon of="again" />, chat.restart)}
        {tool(t.close, <Icon of="close" />, close)}
      </header>
      <MessageList {...ui} />
      <footer>
        <p class="status" role="status">
          {scene.trouble ? t.offline : scene.notice ? t[scene.notice] : ""}
        </p>
        {waiting?.kind === "question" && waiting.allow_text && (
          <Composer key={waiting.card_id} {...ui} card={waiting.card_id} />
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

const fitted = new WeakSet<HTMLElement>();
/** Keeps a sheet within what the on-screen keyboard leaves of the screen. */
const fitKeyboard = (panel: HTMLElement, sheet: boolean) => {
  const room = window.visualViewport;
  if (!room || !sheet || fitted.has(panel)) return;
  fitted.add(panel);
  const fit = () => {
    if (!panel.isConnected) {
      for (const type of EVENTS) room.removeEventListener(type, fit);
    }
    panel.style.setProperty("--room", `${room.height}px`);
    panel.style.setProperty("--top", `${room.offsetTop}px`);
  };
  for (const type of EVENTS) room.addEventListener(type, fit);
  fit();
};
const EVENTS = ["resize", "scroll"];
