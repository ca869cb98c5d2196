import { fill } from "../languages/fill.ts";
import { small } from "../state/screen.ts";
import type { Talk } from "../state/talk.ts";
import { Avatar } from "./avatar.tsx";
import { Composer } from "./composer.tsx";
import type { Child } from "./dom.ts";
import { keepFocus, trap } from "./focus.ts";
import { Icon } from "./icons.tsx";
import { MessageList } from "./message-list.tsx";
import { plainText } from "./rich-text.tsx";
import type { Ui } from "./ui.ts";

type Props = Ui & {
  /** All that the visitor can turn to. */
  among: Talk[];
  /** It was opened by hand. */
  focus: boolean;
  inline: boolean;
  close: (() => void) | undefined;
  pick: ((talk: Talk) => void) | undefined;
};

/** A conversation: beside the bubble, over the page, inside an element of it, or on the whole screen of a phone. */
export const Panel = (ui: Props) => {
  const { talk, scene, config, t, close, inline } = ui;
  const { waiting } = scene;
  const popup = !inline && talk.about().ui === "popup";
  const sheet = !inline && small();
  const modal = popup || sheet;
  const keys = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key === "Escape" && !event.isComposing && close) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && modal) trap(event, event.currentTarget);
  };
  const tool = (words: string, icon: Child, act: () => void) => (
    <button type="button" class="icon" aria-label={words} title={words} onclick={act}>
      {icon}
    </button>
  );

  return [
    // biome-ignore lint/a11y/noStaticElementInteractions: what the keyboard does is done by Escape.
    popup && <div class="veil" onclick={close} />,
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: it is a dialog whenever it is modal.
    <section
      class={`panel${inline ? " inline" : popup ? " popup" : ""}`}
      role={inline ? "region" : "dialog"}
      aria-modal={modal}
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
        <div class="names">
          <h2 dir="auto">{config.bot_name}</h2>
          {scene.preview && <p class="mark">{t.preview}</p>}
          <Switch {...ui} />
        </div>
        {scene.allowRestart && tool(t.restart, <Icon of="again" />, talk.restart)}
        {close && tool(t.close, <Icon of="close" />, close)}
      </header>
      {talk.live?.bar(ui)}
      <MessageList {...ui} />
      <footer>
        <p class="status" role="status">
          {scene.trouble ? t.offline : scene.notice ? t[scene.notice] : ""}
        </p>
        {waiting?.kind === "live_chat" ? talk.live?.composer(ui) : <Composer {...ui} />}
        {config.privacy_url && (
          <a class="privacy" href={config.privacy_url} target="_blank" rel="noopener noreferrer">
            {t.privacy}
            <span class="sr"> ({t.new_tab})</span>
          </a>
        )}
      </footer>
    </section>,
  ];
};

/** Which conversation, when there are several. */
const Switch = ({ talk, among, pick, t }: Props) =>
  among.length > 1 &&
  pick && (
    <select
      class="switch"
      aria-label={t.conversations}
      value={`${among.indexOf(talk)}`}
      onchange={({ currentTarget }) => pick(among[Number(currentTarget.value)] as Talk)}
    >
      {among.map((one, at) => (
        <option value={at}>{titleOf(one)}</option>
      ))}
    </select>
  );

/** A conversation is called by what is said first in it. */
const titleOf = (talk: Talk) => {
  const words = [...plainText(talk.opening() ?? { blocks: [] })];
  return words.length > LONGEST_TITLE ? `${words.slice(0, LONGEST_TITLE).join("")}…` : words.join("");
};
const LONGEST_TITLE = 40;

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
