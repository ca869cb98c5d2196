import type { RichText, Span } from "@usher/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromDocument, toDocument } from "./document.ts";

describe("rich text in the editor", () => {
  it("keeps tokens as pieces of their own", () => {
    const text: RichText = {
      blocks: [{ type: "paragraph", spans: [{ text: 'Hi {{person.first_name:"there"}}!', bold: true }] }],
    };
    const marks = [{ type: "bold" }];
    expect(toDocument(text).content?.[0]?.content).toEqual([
      { type: "text", text: "Hi ", marks },
      { type: "token", attrs: { inner: 'person.first_name:"there"' }, marks },
      { type: "text", text: "!", marks },
    ]);
    expect(fromDocument(toDocument(text))).toEqual(text);
  });

  it("is nothing at all when nothing is written", () => {
    expect(fromDocument(toDocument({ blocks: [] }))).toEqual({ blocks: [] });
    expect(
      fromDocument({ type: "doc", content: [{ type: "paragraph" }, { type: "bulletList", content: [] }] }),
    ).toEqual({ blocks: [] });
  });

  it("comes back as it was, whatever is in it", () => {
    const span = fc
      .record({ text: fc.stringMatching(/^[a-z{}\n :"]{0,8}[a-z]$/), look: fc.nat(3), link: fc.boolean() })
      .map(
        ({ text, look, link }): Span => ({
          text,
          ...(look % 2 === 1 ? { bold: true as const } : {}),
          ...(look > 1 ? { italic: true as const } : {}),
          ...(link ? { link: "https://a.example" } : {}),
        }),
      );
    const spans = fc.array(span, { minLength: 1, maxLength: 4 }).filter((all) =>
      all.every((one, index) => {
        const next = all[index + 1];
        return !next || one.bold !== next.bold || one.italic !== next.italic || one.link !== next.link;
      }),
    );
    const block = fc.oneof(
      spans.map((all) => ({ type: "paragraph" as const, spans: all })),
      fc.tuple(fc.boolean(), fc.array(spans, { minLength: 1, maxLength: 3 })).map(([ordered, items]) => ({
        type: "list" as const,
        ordered,
        items,
      })),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        expect(fromDocument(toDocument({ blocks }))).toEqual({ blocks });
      }),
    );
  });
});
