/**
 * The chat with an agent: fetched when the first one is asked for. What is said stands among the other messages; here is
 * what comes on top of it.
 */
import { liveWords } from "./languages/live.ts";
import type { Core } from "./loader/core.ts";
import { addStyle } from "./loader/style.ts";
import type { Clock } from "./state/clock.ts";
import { createLiveState } from "./state/live.ts";
import type { Talk } from "./state/talk.ts";
import css from "./view/live.css?inline";
import { AgentRow, Below, LiveBar } from "./view/live.tsx";
import { LiveComposer } from "./view/live-composer.tsx";
import type { Files, Live } from "./view/live-ui.ts";

type Setting = { core: Core; clock: Clock; talk: Talk; changed(): void };

const styled = new WeakSet<Node>();
const style = (element: HTMLElement) => {
  const shadow = element.getRootNode();
  if (styled.has(shadow) || !(shadow instanceof ShadowRoot)) return;
  styled.add(shadow);
  addStyle(shadow, css);
};

/** The API lies beside the folder of this file. */
const here = import.meta.url;
const address = (key: string) => {
  const url = new URL(`../api/visitor/v1/socket?site=${encodeURIComponent(key)}`, here);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
};

export const createLive = ({ core, clock, talk, changed }: Setting): Live => {
  const state = createLiveState({
    core,
    clock,
    talk,
    changed,
    connect: () => new WebSocket(address(core.key)) as never,
  });
  const given = { stars: 0, comment: "", email: "", mail: false };
  const words = liveWords(talk.config.language);
  const parts = { state, w: words, given, style };
  let files: Files | null = null;
  // Without it names of files stand there, and none can be sent.
  const arrive = (module: typeof import("./view/files.tsx")) => {
    files = module.createFiles({ core, talk, changed });
    changed();
  };
  import("./view/files.tsx").then(arrive).catch(() => {});
  const looked = () => {
    state.seen();
    changed();
  };
  addEventListener("visibilitychange", looked);
  return {
    bar: (ui) => <LiveBar {...ui} {...parts} files={files} live={state.scene()} />,
    row: (message, first, ui) => <AgentRow {...{ message, first, ui, files, w: words }} />,
    below: (ui) => <Below {...ui} {...parts} files={files} live={state.scene()} />,
    composer: (ui) => <LiveComposer {...ui} {...parts} files={files} live={state.scene()} />,
    stand() {
      const { chat, writer, rating, mailing } = state.scene();
      return [chat.state, writer, rating, mailing, given.mail, files?.stand()].join();
    },
    stop() {
      removeEventListener("visibilitychange", looked);
      state.stop();
    },
  };
};
