/** Reads rich text from JSON that anybody may have written. */
import type { Block, RichText, Span } from "@usher/api";

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

/** The text in the value, as far as it is any; undefined when it is none at all. */
export function readRichText(value: unknown): RichText | undefined {
  if (typeof value !== "object" || value === null || !("blocks" in value)) return undefined;
  if (!Array.isArray(value.blocks)) return undefined;
  return { blocks: value.blocks.flatMap(readBlock) };
}

function readBlock(value: unknown): Block[] {
  if (typeof value !== "object" || value === null || !("type" in value)) return [];
  const block = value as { type: unknown; spans?: unknown; ordered?: unknown; items?: unknown };
  if (block.type === "paragraph") return [{ type: "paragraph", spans: readSpans(block.spans) }];
  if (block.type !== "list" || !Array.isArray(block.items)) return [];
  return [{ type: "list", ordered: block.ordered === true, items: block.items.map(readSpans) }];
}

function readSpans(value: unknown): Span[] {
  return Array.isArray(value) ? value.flatMap(readSpan) : [];
}

function readSpan(value: unknown): Span[] {
  if (typeof value !== "object" || value === null) return [];
  const { text, bold, italic, link } = value as Record<string, unknown>;
  if (typeof text !== "string" || text === "") return [];
  const span: Span = { text };
  if (bold === true) span.bold = true;
  if (italic === true) span.italic = true;
  if (typeof link === "string" && SAFE_LINK.test(link)) span.link = link;
  return [span];
}
