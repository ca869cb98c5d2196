/** Edits of a marked text around a selection, as a text area holds it. */
export interface Selection {
  text: string;
  start: number;
  end: number;
}

/** Puts the mark around the selected words, or takes it away when it is there. */
export function wrap({ text, start, end }: Selection, mark: string): Selection {
  const [before, inner, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const stars = (part: string, at: "start" | "end") =>
    (at === "end" ? /\**$/ : /^\*/.test(part) ? /^\*+/ : /^/).exec(part)?.[0].length ?? 0;
  const around = Math.min(stars(before, "end"), stars(after, "start"));
  // Two stars are bold, one is italic, three are both.
  const there = mark === "**" ? around >= 2 : around % 2 === 1;
  if (there) {
    const size = mark.length;
    return { text: before.slice(0, -size) + inner + after.slice(size), start: start - size, end: end - size };
  }
  // Blanks at the edges stay outside, where marks work.
  const lead = inner.length - inner.trimStart().length;
  const core = inner.trim();
  const from = start + lead + mark.length;
  return {
    text: before + inner.slice(0, lead) + mark + core + mark + inner.slice(lead + core.length) + after,
    start: from,
    end: from + core.length,
  };
}

const ADDRESS = "https://";

/** Makes the selected words a link, and selects the address to be written. */
export function linkAround({ text, start, end }: Selection): Selection {
  const words = text.slice(start, end).trim() || "link";
  const at = start + words.length + 3;
  return {
    text: `${text.slice(0, start)}[${words}](${ADDRESS})${text.slice(end)}`,
    start: at,
    end: at + ADDRESS.length,
  };
}

/** Makes items of the selected lines, or lines of the items. */
export function itemize({ text, start, end }: Selection): Selection {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next === -1 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const all = lines.every((line) => line.startsWith("- "));
  const changed = lines.map((line) => (all ? line.slice(2) : `- ${line.replace(/^- /, "")}`)).join("\n");
  return {
    text: text.slice(0, from) + changed + text.slice(to),
    start: from,
    end: from + changed.length,
  };
}

export function insertAt({ text, start, end }: Selection, inserted: string): Selection {
  const at = start + inserted.length;
  return { text: text.slice(0, start) + inserted + text.slice(end), start: at, end: at };
}

/** `{{person.first_name:"there"}}`; a default without quotes and braces, which would end it. */
export function tokenText(path: string, fallback: string): string {
  const clean = fallback.replaceAll(/["{}]/g, "").trim();
  return clean === "" ? `{{${path}}}` : `{{${path}:"${clean}"}}`;
}
