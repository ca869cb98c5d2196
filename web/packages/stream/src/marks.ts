/**
 * Structured text as plain text with light marks, for editing in a text area:
 * `**bold**`, `*italic*`, `[text](https://…)`, lines that begin with `- ` or
 * `1. `. Each line is a paragraph or an item; a backslash takes the meaning
 * from a sign; tokens `{{…}}` stand as they are.
 */
import type { Block, RichText, Span } from "@usher/api";

const TOKEN = /^\{\{[^{}]*\}\}/;
const TOKENS = /\{\{[^{}]*\}\}/g;
const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)[^\s()]+$/i;
const ITEM = /^\s*(?:(-)|\d{1,3}\.)\s+/;

// ---- to marks ---------------------------------------------------------------

export function toMarks(text: RichText): string {
  const lines: string[] = [];
  let last: Block | undefined;
  for (const block of text.blocks) {
    // A blank line keeps two lists apart.
    if (last?.type === "list" && block.type === "list" && last.ordered === block.ordered) lines.push("");
    if (block.type === "paragraph") lines.push(...paragraphLines(block.spans));
    else {
      const items = block.items.map((spans) => lineOf(spans.map(onOneLine))).filter((line) => line !== "");
      lines.push(...items.map((line, index) => (block.ordered ? `${index + 1}. ${line}` : `- ${line}`)));
    }
    last = block;
  }
  return lines.join("\n");
}

const onOneLine = (span: Span): Span => ({ ...span, text: span.text.replaceAll(/\s*\n\s*/g, " ") });

function paragraphLines(spans: readonly Span[]): string[] {
  const lines: Span[][] = [[]];
  for (const span of spans) {
    span.text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ ...span, text: part });
    });
  }
  return lines.map((line) => lineOf(line).replace(ITEM, escapeItem)).filter((line) => line !== "");
}

/** A paragraph that looks like an item of a list. */
const escapeItem = (start: string) => start.replace(/[-.]/, "\\$&");

function lineOf(spans: readonly Span[]): string {
  let out = "";
  let [bold, italic, link]: [boolean, boolean, string | undefined] = [false, false, undefined];
  const turn = (span: Span | null) => {
    const next: [boolean, boolean, string | undefined] = [
      span?.bold === true,
      span?.italic === true,
      span?.link,
    ];
    if (link !== undefined && link !== next[2]) out += `](${link})`;
    out += "*".repeat((bold !== next[0] ? 2 : 0) + (italic !== next[1] ? 1 : 0));
    if (next[2] !== undefined && link !== next[2]) out += "[";
    [bold, italic, link] = next;
  };
  for (const span of merged(spans.flatMap(withPlainEdges))) {
    turn(span);
    out += escaped(span.text);
  }
  turn(null);
  return out.trim();
}

/** Blanks at the edge of a marked span stand outside of the marks. */
function withPlainEdges(span: Span): Span[] {
  const link = span.link !== undefined && SAFE_LINK.test(span.link) ? span.link : undefined;
  if (!span.bold && !span.italic && link === undefined) return [{ text: span.text }];
  const inner = span.text.trim();
  if (inner === "") return [{ text: span.text }];
  const start = span.text.indexOf(inner);
  return [
    { text: span.text.slice(0, start) },
    styled(inner, span.bold === true, span.italic === true, link),
    { text: span.text.slice(start + inner.length) },
  ].filter((one) => one.text !== "");
}

function escaped(text: string): string {
  let out = "";
  let at = 0;
  for (const token of text.matchAll(TOKENS)) {
    out += escapedPlain(text.slice(at, token.index)) + token[0];
    at = token.index + token[0].length;
  }
  return out + escapedPlain(text.slice(at));
}

const escapedPlain = (text: string) => text.replaceAll(/[\\*[\]{]/g, "\\$&");

// ---- from marks -------------------------------------------------------------

export function fromMarks(marks: string): RichText {
  const blocks: Block[] = [];
  let open: Extract<Block, { type: "list" }> | null = null;
  for (const line of marks.split("\n")) {
    const item = ITEM.exec(line);
    const spans = spansOf((item ? line.slice(item[0].length) : line).trim());
    if (spans.length === 0) open = null;
    else if (item === null) {
      open = null;
      blocks.push({ type: "paragraph", spans });
    } else {
      const ordered = item[1] === undefined;
      if (open === null || open.ordered !== ordered) {
        open = { type: "list", ordered, items: [] };
        blocks.push(open);
      }
      open.items.push(spans);
    }
  }
  return { blocks };
}

type Part = { text: string } | { stars: number } | { link: string } | { unlink: true };

function spansOf(line: string): Span[] {
  const parts = withoutStrays(partsOf(line));
  const spans: Span[] = [];
  let [bold, italic, link]: [boolean, boolean, string | undefined] = [false, false, undefined];
  for (const part of parts) {
    if ("stars" in part) {
      if (part.stars >= 2) bold = !bold;
      if (part.stars !== 2) italic = !italic;
    } else if ("link" in part) link = part.link;
    else if ("unlink" in part) link = undefined;
    else spans.push(styled(part.text, bold, italic, link));
  }
  return merged(spans);
}

function partsOf(line: string): Part[] {
  const parts: Part[] = [];
  const ends = new Map<number, number>();
  const say = (text: string) => {
    const last = parts.at(-1);
    if (last !== undefined && "text" in last) last.text += text;
    else parts.push({ text });
  };
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const token = TOKEN.exec(rest);
    const escaping = /^\\([!-/:-@[-`{-~])/.exec(rest);
    const stars = /^\*{1,3}/.exec(rest);
    const link = ends.size === 0 && rest.startsWith("[") ? linkAt(line, at) : null;
    const end = ends.get(at);
    if (end !== undefined) {
      parts.push({ unlink: true });
      ends.clear();
      at = end;
    } else if (token) {
      say(token[0]);
      at += token[0].length;
    } else if (escaping) {
      say(escaping[1] ?? "");
      at += 2;
    } else if (stars && !(isBlank(line[at - 1]) && isBlank(line[at + stars[0].length]))) {
      parts.push({ stars: stars[0].length });
      at += stars[0].length;
    } else if (stars) {
      say(stars[0]);
      at += stars[0].length;
    } else if (link) {
      parts.push({ link: link.address });
      ends.set(link.textEnd, link.end);
      at += 1;
    } else {
      say(rest[0] ?? "");
      at += 1;
    }
  }
  return parts;
}

const isBlank = (sign: string | undefined) => sign === undefined || /\s/.test(sign);

/** The link that begins at `at`: where its text ends, and where the whole does. */
function linkAt(line: string, at: number): { address: string; textEnd: number; end: number } | null {
  for (let i = at + 1; i < line.length; ) {
    const token = TOKEN.exec(line.slice(i));
    if (token) i += token[0].length;
    else if (line[i] === "\\") i += 2;
    else if (line[i] === "]") {
      const target = /^\]\(([^\s()]+)\)/.exec(line.slice(i));
      const address = target?.[1];
      if (target === null || address === undefined || !SAFE_LINK.test(address) || i === at + 1) return null;
      return { address, textEnd: i, end: i + target[0].length };
    } else i += 1;
  }
  return null;
}

/** A mark that is never closed is no mark: its stars are text. */
function withoutStrays(parts: Part[]): Part[] {
  const odd = (fits: (stars: number) => boolean) => {
    const found = parts.flatMap((part, index) => ("stars" in part && fits(part.stars) ? [index] : []));
    return found.length % 2 === 1 ? found.at(-1) : undefined;
  };
  const strayBold = odd((stars) => stars >= 2);
  const strayItalic = odd((stars) => stars !== 2);
  return parts.flatMap((part, index): Part[] => {
    if (!("stars" in part)) return [part];
    const lost = (index === strayBold ? 2 : 0) + (index === strayItalic ? 1 : 0);
    const kept = part.stars - lost;
    const text: Part[] = lost > 0 ? [{ text: "*".repeat(lost) }] : [];
    return kept > 0 ? [...text, { stars: kept }] : text;
  });
}

function styled(text: string, bold: boolean, italic: boolean, link: string | undefined): Span {
  const span: Span = { text };
  if (bold) span.bold = true;
  if (italic) span.italic = true;
  if (link !== undefined) span.link = link;
  return span;
}

/** Neighbours that look the same are one span. */
function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    const same = last && last.bold === span.bold && last.italic === span.italic && last.link === span.link;
    if (last !== undefined && same) last.text += span.text;
    else if (span.text !== "") out.push({ ...span });
  }
  return out;
}
