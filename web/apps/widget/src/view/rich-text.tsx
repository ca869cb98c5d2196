import type { Block, RichText, Span } from "../protocol.ts";
import type { Child } from "./dom.ts";

const SCHEMES = ["http:", "https:", "mailto:", "tel:"];

/** The address of a link if it is one that a conversation may hold, otherwise null. */
export const safeLink = (link: string): string | null => {
  try {
    const url = new URL(link);
    return SCHEMES.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
};

/** Draws the structured format as text nodes and a handful of elements: there is no way for markup to come in. */
export const RichTextView = ({ text, newTab }: { text: RichText; newTab: string }): Child =>
  text.blocks.map((block) => drawBlock(block, newTab));

const drawBlock = (block: Block, newTab: string) => {
  if (block.type === "paragraph") return <p>{block.spans.map((span) => drawSpan(span, newTab))}</p>;
  const items = block.items.map((spans) => <li>{spans.map((span) => drawSpan(span, newTab))}</li>);
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
};

const drawSpan = (span: Span, newTab: string): Child => {
  let drawn: Child = span.text;
  if (span.bold) drawn = <strong>{drawn}</strong>;
  if (span.italic) drawn = <em>{drawn}</em>;
  const href = span.link ? safeLink(span.link) : null;
  if (!href) return drawn;
  // Links to this very site stay in the tab: the conversation goes on there.
  const away = /^http/.test(href) && new URL(href).host !== location.host;
  return (
    <a href={href} rel="noopener noreferrer" target={away && "_blank"}>
      {drawn}
      {away && <span class="sr"> ({newTab})</span>}
    </a>
  );
};

/** The words alone, for names and labels. */
export const plainText = (text: RichText): string =>
  text.blocks
    .flatMap((b) => (b.type === "paragraph" ? [b.spans] : b.items))
    .map((spans) => spans.map((s) => s.text).join(""))
    .join("\n");
