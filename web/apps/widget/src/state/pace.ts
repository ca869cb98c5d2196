import type { Message } from "../protocol.ts";
import type { Clock } from "./clock.ts";

/** Speaks the bot's messages one after another, each after the site's response delay. */
export type Pace = {
  /** Number of the last message that is on the screen. */
  shown(): number;
  /** A message is on its way: the typing indicator fills the wait. */
  typing(): boolean;
  /** The visitor has just spoken; the delay counts from now. */
  heard(): void;
  /** Everything up to `seq` is history, shown at once. */
  skip(seq: number): void;
  /** Takes up the messages of a conversation as they now are. */
  follow(messages: Message[]): void;
  stop(): void;
};

export const createPace = (
  clock: Clock,
  delay: () => number,
  spoke: () => void,
  changed: () => void,
): Pace => {
  let shown = -1;
  let last = Number.NEGATIVE_INFINITY;
  let timer = 0;

  const stop = () => {
    clock.cancel(timer);
    timer = 0;
  };
  const follow = (messages: Message[]) => {
    stop();
    for (;;) {
      const next = messages.find((m) => m.seq > shown && !m.superseded);
      if (!next) return;
      const answered = messages.some((m) => m.from === "visitor" && !m.superseded && m.seq >= next.seq);
      const wait = answered || next.from !== "bot" ? 0 : last + delay() - clock.now();
      if (wait > 0) {
        timer = clock.timer(() => {
          timer = 0;
          say(next);
          follow(messages);
          changed();
        }, wait);
        return;
      }
      say(next);
    }
  };
  const say = (message: Message) => {
    shown = message.seq;
    if (message.from === "bot") last = clock.now();
    if (/bot|agent/.test(message.from)) spoke();
  };

  return {
    shown: () => shown,
    typing: () => timer !== 0,
    heard() {
      last = clock.now();
    },
    skip(seq) {
      stop();
      shown = Math.max(shown, seq);
    },
    follow,
    stop() {
      stop();
      shown = -1;
      last = Number.NEGATIVE_INFINITY;
    },
  };
};
