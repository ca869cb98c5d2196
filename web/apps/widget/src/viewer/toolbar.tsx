import { fill } from "../languages/fill.ts";
import type { Child } from "../view/dom.ts";
import type { Words } from "./words.ts";

export type ToolbarState = {
  page: number;
  /** 0 until the document is there. */
  count: number;
  /** The match that is shown, from 1 on, and how many there are; nothing while nothing is searched. */
  found: { at: number; count: number } | null;
  /** What is going on, or wrong. */
  notice: string | null;
};

type Props = {
  state: ToolbarState;
  words: Words;
  file: string;
  name: string;
  acts: {
    goTo(page: number): void;
    zoom(step: -1 | 1): void;
    search(text: string): void;
    match(step: -1 | 1): void;
    downloaded(): void;
    print(): void;
  };
};

const PATHS = {
  up: "m6 15 6-6 6 6",
  down: "m6 9 6 6 6-6",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  save: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  print: "M7 9V4h10v5M7 17H4v-8h16v8h-3M7 14h10v6H7Z",
};
const Sign = ({ of }: { of: keyof typeof PATHS }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[of]} />
  </svg>
);

/** What can be done with the document. */
export const Toolbar = ({ state, words, file, name, acts }: Props) => {
  const { page, count, found, notice } = state;
  const tool = (said: string, sign: Child, act: () => void, off = false) => (
    <button type="button" aria-label={said} title={said} disabled={off} onclick={act}>
      {sign}
    </button>
  );
  return [
    <div class="tools" role="toolbar" aria-label={name}>
      {tool(words.previous, <Sign of="up" />, () => acts.goTo(page - 1), page <= 1)}
      {tool(words.next, <Sign of="down" />, () => acts.goTo(page + 1), page >= count)}
      <label class="page">
        <span class="sr">{fill(words.page, { page, count })}</span>
        <input
          inputmode="numeric"
          autocomplete="off"
          value={`${page}`}
          disabled={!count}
          onchange={({ currentTarget }) => acts.goTo(Number(currentTarget.value) || page)}
        />
        <span aria-hidden="true"> / {count || "–"}</span>
      </label>
      <span class="room" />
      {tool(words.smaller, <Sign of="minus" />, () => acts.zoom(-1), !count)}
      {tool(words.larger, <Sign of="plus" />, () => acts.zoom(1), !count)}
      {tool(words.print, <Sign of="print" />, acts.print, !count)}
      <a
        href={file}
        download={`${name}.pdf`}
        aria-label={words.download}
        title={words.download}
        onclick={acts.downloaded}
      >
        <Sign of="save" />
      </a>
    </div>,
    <search class="tools">
      <input
        type="search"
        placeholder={words.search}
        aria-label={words.search}
        disabled={!count}
        oninput={({ currentTarget }) => acts.search(currentTarget.value)}
        onkeydown={(event) => {
          if (event.key === "Enter") acts.match(event.shiftKey ? -1 : 1);
        }}
      />
      <span class="found" role="status">
        {found && (found.count ? fill(words.found, { page: found.at, count: found.count }) : words.nothing)}
      </span>
      {found && tool(words.earlier, <Sign of="up" />, () => acts.match(-1), !found.count)}
      {found && tool(words.later, <Sign of="down" />, () => acts.match(1), !found.count)}
    </search>,
    <p class="notice" role="status">
      {notice}
    </p>,
  ];
};
