import type { anchorWords } from "../languages/anchor.ts";
import type { Texts } from "../languages/en.ts";
import type { WidgetConfig } from "../protocol.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";

/** What stands in the corner. */
export type Look = {
  /** There is something to show on this page, in this look. */
  present: boolean;
  config: WidgetConfig | null;
  open: boolean;
  /** What is open covers the bubble. */
  away: boolean;
  /** The visitor has not looked at what is there. */
  unread: boolean;
  /** The first card's words. */
  poke: string | null;
  words: Pick<Texts, keyof typeof anchorWords>;
};

type Props = Pick<Look, "words"> & {
  poke: string;
  config: WidgetConfig;
  acts: { open(): void; dismiss(): void };
};

/** The first card's words, beside the bubble. */
export const Poke = ({ poke, words, config, acts }: Props) => (
  <div class="poke">
    <button type="button" class="poke-text" onclick={acts.open}>
      <Avatar config={config} />
      <span>
        <span class="poke-name">{config.bot_name}</span>
        <span class="poke-words" dir="auto">
          {poke}
        </span>
      </span>
    </button>
    <button type="button" class="poke-close" aria-label={words.dismiss} onclick={acts.dismiss}>
      <Icon of="close" />
    </button>
  </div>
);
