import { describe, expect, it } from "vitest";
import type { RichText } from "../protocol.ts";
import { draw as drawInto } from "./dom.ts";
import { plainText, RichTextView, safeLink } from "./rich-text.tsx";

const draw = (text: RichText) => {
  const box = document.createElement("div");
  drawInto(box, <RichTextView text={text} newTab="new tab" />);
  return box;
};
const payload = '<img src=x onerror="alert(1)"><script>alert(1)</script>';

describe("rich text", () => {
  it("shows markup in a text as text", () => {
    const box = draw({ blocks: [{ type: "paragraph", spans: [{ text: payload, bold: true }] }] });
    expect(box.textContent).toBe(payload);
    expect(box.querySelectorAll("img, script")).toHaveLength(0);
    expect(box.querySelectorAll("strong")).toHaveLength(1);
  });

  it("links only to pages, addresses and telephones", () => {
    for (const bad of [
      "javascript:alert(1)",
      " JaVaScRiPt:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,x",
      "vbscript:x",
      "/relative",
      "",
    ]) {
      expect(safeLink(bad), bad).toBeNull();
      const box = draw({ blocks: [{ type: "paragraph", spans: [{ text: "click", link: bad }] }] });
      expect(box.querySelector("a")).toBeNull();
      expect(box.textContent).toBe("click");
    }
    for (const good of ["https://a.example/x", "http://a.example/", "mailto:a@b.example", "tel:+4930123"]) {
      expect(safeLink(good)).toBe(good);
    }
  });

  it("opens foreign pages in a new tab without handing over this one", () => {
    const box = draw({
      blocks: [{ type: "paragraph", spans: [{ text: "go", link: "https://away.example/" }] }],
    });
    const link = box.querySelector("a");
    expect(link?.rel).toContain("noopener");
    expect(link?.target).toBe("_blank");
    expect(link?.textContent).toContain("new tab");
  });

  it("draws lists, and gives their words for a label", () => {
    const text: RichText = {
      blocks: [
        { type: "paragraph", spans: [{ text: "You need " }, { text: "two", italic: true }] },
        { type: "list", ordered: true, items: [[{ text: "one" }], [{ text: "other" }]] },
      ],
    };
    expect(draw(text).querySelectorAll("ol > li")).toHaveLength(2);
    expect(plainText(text)).toBe("You need two\none\nother");
  });
});
