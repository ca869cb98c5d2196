import { en, type Texts } from "../languages/en.ts";
import { textsOf } from "../languages/index.ts";
import type { Talk } from "../state/talk.ts";
import { draw } from "./dom.ts";
import { Panel } from "./panel.tsx";
import type { Draft } from "./ui.ts";

/** A place where one conversation at a time is drawn. */
export type Seat = {
  /** The words of the talk's language, as soon as they are here. */
  words(talk: Talk): Texts;
  /** Draws `talk` when it is open; `among`: those that the visitor can turn to. */
  draw(talk: Talk | undefined, among: Talk[]): void;
  /** What comes next is the visitor's own doing, so the focus may move; or the page's. */
  byHand(yes: boolean): void;
};

type Setting = {
  place: HTMLElement;
  /** Something that is drawn has changed. */
  changed(): void;
  /** It is a part of the page: it cannot be closed, and holds no focus. */
  inline?: boolean;
  close?(): void;
  pick?(talk: Talk): void;
  /** Where the focus goes when nothing had it before. */
  focusOutside?(): void;
};

export const createSeat = (setting: Setting): Seat => {
  const { place, changed, inline = false } = setting;
  const drafts = new WeakMap<Talk, Draft>();
  let texts: Texts = en;
  let language = "en";
  let wasOpen = false;
  let byHand = false;
  /** What had the focus when the panel was opened. */
  let before: Element | null = null;

  const speak = async (wanted: string) => {
    if (wanted === language) return;
    language = wanted;
    const found = await textsOf(wanted);
    if (language !== wanted) return;
    texts = found;
    changed();
  };
  const draftOf = (talk: Talk) => {
    const draft = drafts.get(talk) ?? { card: "", text: "" };
    drafts.set(talk, draft);
    return draft;
  };
  const giveBack = () => {
    const back = before as HTMLElement | null;
    if (back?.isConnected && back !== document.body) back.focus();
    else setting.focusOutside?.();
  };

  return {
    byHand(yes) {
      byHand = yes;
    },
    words(talk) {
      speak(talk.config.language);
      return texts;
    },
    draw(talk, among) {
      const open = talk?.isOpen() ? talk : undefined;
      // A dialog over the page always takes the focus, and gives it back.
      const takes = open && !inline && (byHand || open.about().ui === "popup");
      const focus = !!takes && !wasOpen;
      if (focus) before = document.activeElement;
      const returns = wasOpen && !open && (byHand || !!before);
      draw(place, [
        open && (
          <Panel
            key={open.key}
            {...{ talk: open, among, focus, inline, t: texts, config: open.config, scene: open.scene() }}
            draft={draftOf(open)}
            redraw={changed}
            close={setting.close}
            pick={setting.pick}
          />
        ),
      ]);
      if (returns) giveBack();
      if (!open) before = null;
      if (wasOpen !== !!open) byHand = false;
      wasOpen = !!open;
    },
  };
};
