import type { RichText, Span } from "@usher/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOf } from "./facts.ts";
import { fromMarks, toMarks } from "./marks.ts";

const paragraph = (...spans: Span[]): RichText => ({ blocks: [{ type: "paragraph", spans }] });

describe("marks", () => {
  it.each<[string, string, RichText]>([
    ["bold", "a **b** c", paragraph({ text: "a " }, { text: "b", bold: true }, { text: " c" })],
    ["italic", "*a*", paragraph({ text: "a", italic: true })],
    ["both", "***a***", paragraph({ text: "a", bold: true, italic: true })],
    [
      "a link with bold in it",
      "[see **this**](https://usher.example/a)",
      paragraph(
        { text: "see ", link: "https://usher.example/a" },
        { text: "this", bold: true, link: "https://usher.example/a" },
      ),
    ],
    [
      "a token",
      'Hi {{person.first_name:"there"}}!',
      paragraph({ text: 'Hi {{person.first_name:"there"}}!' }),
    ],
    ["an escaped sign", "5 \\* 3", paragraph({ text: "5 * 3" })],
  ])("reads %s", (_name, marks, text) => {
    expect(fromMarks(marks)).toEqual(text);
  });

  it("reads lists, and lines as paragraphs", () => {
    expect(fromMarks("Hello\n- one\n- two\n1. first\n\nEnd")).toEqual({
      blocks: [
        { type: "paragraph", spans: [{ text: "Hello" }] },
        { type: "list", ordered: false, items: [[{ text: "one" }], [{ text: "two" }]] },
        { type: "list", ordered: true, items: [[{ text: "first" }]] },
        { type: "paragraph", spans: [{ text: "End" }] },
      ],
    });
  });

  it("leaves alone what is no mark", () => {
    for (const text of [
      "2 * 3 = 6",
      "a * b * c",
      "**never closed",
      "[no link]",
      "[x](javascript:alert(1))",
    ]) {
      expect(textOf(fromMarks(text))).toBe(text);
      expect(JSON.stringify(fromMarks(text))).not.toContain('"link"');
    }
  });

  it("writes a paragraph that looks like a list so that it stays one", () => {
    for (const text of ["- not a list", "1. not a list"]) {
      expect(fromMarks(toMarks(paragraph({ text })))).toEqual(paragraph({ text }));
    }
  });

  const words = fc.string({
    unit: fc.constantFrom(
      "a",
      "é",
      " ",
      "*",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      "\\",
      "-",
      "1",
      ".",
      "_",
      "{{person.x}}",
    ),
    minLength: 1,
    maxLength: 12,
  });
  const span: fc.Arbitrary<Span> = fc
    .record({
      text: words,
      bold: fc.boolean(),
      italic: fc.boolean(),
      link: fc.option(fc.constantFrom("https://a.example/x", "mailto:a@b.example")),
    })
    .map(({ text, bold, italic, link }) => ({
      text,
      ...(bold ? { bold: true as const } : {}),
      ...(italic ? { italic: true as const } : {}),
      ...(link === null ? {} : { link }),
    }));
  const spans = fc.array(span, { minLength: 1, maxLength: 4 });
  const richText: fc.Arbitrary<RichText> = fc.record({
    blocks: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant("paragraph" as const), spans }),
        fc.record({
          type: fc.constant("list" as const),
          ordered: fc.boolean(),
          items: fc.array(spans, { minLength: 1, maxLength: 3 }),
        }),
      ),
      { maxLength: 4 },
    ),
  });

  it("keeps every word of any text, and means the same when read again", () => {
    const squeezed = (text: RichText) =>
      textOf(text)
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    fc.assert(
      fc.property(richText, (text) => {
        const once = fromMarks(toMarks(text));
        expect(squeezed(once)).toEqual(squeezed(text));
        expect(fromMarks(toMarks(once))).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });

  it("reads anything that is typed", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (typed) => {
        const text = fromMarks(typed);
        expect(fromMarks(toMarks(text))).toEqual(text);
      }),
    );
  });
});
