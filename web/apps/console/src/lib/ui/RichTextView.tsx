import { Anchor } from "@mantine/core";
import type { Block, RichText, Span } from "@usher/api";

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

/** Structured text as elements; nothing in it is ever read as markup. */
export function RichTextView({ text }: { text: RichText }) {
  return text.blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a sent message never change
    <BlockView key={index} block={block} />
  ));
}

/** The text alone, for titles and search. */
export function plainText(text: RichText): string {
  const line = (spans: Span[]) => spans.map((span) => span.text).join("");
  return text.blocks
    .map((block) => (block.type === "paragraph" ? line(block.spans) : block.items.map(line).join("\n")))
    .join("\n");
}

function BlockView({ block }: { block: Block }) {
  if (block.type === "paragraph") {
    return (
      <p dir="auto" style={{ margin: 0 }}>
        <Spans spans={block.spans} />
      </p>
    );
  }
  const items = block.items.map((spans, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of a sent message never change
    <li key={index} dir="auto">
      <Spans spans={spans} />
    </li>
  ));
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function Spans({ spans }: { spans: Span[] }) {
  return spans.map((span, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a sent message never change
    <SpanView key={index} span={span} />
  ));
}

function SpanView({ span }: { span: Span }) {
  const weighted = span.bold ? <strong>{span.text}</strong> : span.text;
  const styled = span.italic ? <em>{weighted}</em> : weighted;
  if (span.link === undefined || !SAFE_LINK.test(span.link)) return styled;
  return (
    <Anchor href={span.link} target="_blank" rel="noopener noreferrer nofollow" inherit underline="always">
      {styled}
    </Anchor>
  );
}
