/** Rich text as the document of the editor, and back. Tokens (`{{…}}`) are pieces of their own in it. */
import type { Block, RichText, Span } from "@usher/api";

/** A node of the editor, as far as texts have any. */
export interface DocNode {
  type: string;
  content?: DocNode[];
  text?: string;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  attrs?: Record<string, unknown>;
}

const TOKEN = /\{\{([^{}]*)\}\}/g;

export function toDocument(text: RichText): DocNode {
  const content = text.blocks.flatMap(blockNode);
  return { type: "doc", content: content.length > 0 ? content : [{ type: "paragraph" }] };
}

function blockNode(block: Block): DocNode[] {
  if (block.type === "paragraph") return [paragraph(block.spans)];
  if (block.items.length === 0) return [];
  const items = block.items.map((spans): DocNode => ({ type: "listItem", content: [paragraph(spans)] }));
  return [{ type: block.ordered ? "orderedList" : "bulletList", content: items }];
}

function paragraph(spans: readonly Span[]): DocNode {
  const content = spans.flatMap(spanNodes);
  return content.length > 0 ? { type: "paragraph", content } : { type: "paragraph" };
}

function spanNodes(span: Span): DocNode[] {
  const marks: DocNode["marks"] = [];
  if (span.bold) marks.push({ type: "bold" });
  if (span.italic) marks.push({ type: "italic" });
  if (span.link !== undefined) marks.push({ type: "link", attrs: { href: span.link } });
  const styled = marks.length > 0 ? { marks } : {};
  const nodes: DocNode[] = [];
  const say = (text: string) =>
    text.split("\n").forEach((line, index) => {
      if (index > 0) nodes.push({ type: "hardBreak", ...styled });
      if (line !== "") nodes.push({ type: "text", text: line, ...styled });
    });
  let at = 0;
  for (const token of span.text.matchAll(TOKEN)) {
    say(span.text.slice(at, token.index));
    nodes.push({ type: "token", attrs: { inner: token[1] ?? "" }, ...styled });
    at = token.index + token[0].length;
  }
  say(span.text.slice(at));
  return nodes;
}

/** The text of the document; paragraphs and items without words are left out. */
export function fromDocument(doc: DocNode): RichText {
  return { blocks: (doc.content ?? []).flatMap(blockOf) };
}

function blockOf(node: DocNode): Block[] {
  if (node.type === "paragraph") {
    const spans = spansOf(node);
    return spans.length > 0 ? [{ type: "paragraph", spans }] : [];
  }
  const items = (node.content ?? [])
    .map((item) => spansOf(item.content?.[0] ?? { type: "paragraph" }))
    .filter((spans) => spans.length > 0);
  return items.length > 0 ? [{ type: "list", ordered: node.type === "orderedList", items }] : [];
}

function spansOf(node: DocNode): Span[] {
  const spans: Span[] = [];
  for (const piece of node.content ?? []) {
    const span = spanOf(piece);
    const last = spans.at(-1);
    const same = last && last.bold === span.bold && last.italic === span.italic && last.link === span.link;
    if (last !== undefined && same) last.text += span.text;
    else if (span.text !== "") spans.push(span);
  }
  return spans.every((span) => span.text.trim() === "") ? [] : spans;
}

function spanOf(piece: DocNode): Span {
  const span: Span = { text: words(piece) };
  for (const mark of piece.marks ?? []) {
    if (mark.type === "bold") span.bold = true;
    if (mark.type === "italic") span.italic = true;
    if (mark.type === "link" && typeof mark.attrs?.href === "string") span.link = mark.attrs.href;
  }
  return span;
}

function words(piece: DocNode): string {
  if (piece.type === "token") return `{{${String(piece.attrs?.inner ?? "")}}}`;
  return piece.type === "hardBreak" ? "\n" : (piece.text ?? "");
}
