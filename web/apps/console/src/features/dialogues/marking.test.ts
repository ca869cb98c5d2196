import { describe, expect, it } from "vitest";
import { insertAt, itemize, linkAround, type Selection, tokenText, wrap } from "./marking.ts";

/** A selection written with `|` at its ends. */
function at(marked: string): Selection {
  const start = marked.indexOf("|");
  const end = marked.lastIndexOf("|") - 1;
  return { text: marked.replaceAll("|", ""), start, end };
}
const show = ({ text, start, end }: Selection) =>
  `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;

describe("marking", () => {
  it("makes words bold and plain again", () => {
    const bold = wrap(at("say |hello| now"), "**");
    expect(show(bold)).toBe("say **|hello|** now");
    expect(show(wrap(bold, "**"))).toBe("say |hello| now");
  });

  it("makes bold words italic, too, and takes only that away again", () => {
    const both = wrap(at("**|a|**"), "*");
    expect(show(both)).toBe("***|a|***");
    expect(show(wrap(both, "*"))).toBe("**|a|**");
    expect(show(wrap(both, "**"))).toBe("*|a|*");
  });

  it("leaves blanks at the edge outside", () => {
    expect(show(wrap(at("a| b |c"), "*"))).toBe("a *|b|* c");
  });

  it("selects the address of a new link", () => {
    expect(show(linkAround(at("see |this|")))).toBe("see [this](|https://|)");
  });

  it("makes items of lines and lines of items", () => {
    const items = itemize(at("x\no|ne\ntw|o\ny"));
    expect(items.text).toBe("x\n- one\n- two\ny");
    expect(itemize(items).text).toBe("x\none\ntwo\ny");
  });

  it("puts a token where the cursor is", () => {
    expect(show(insertAt(at("Hi ||!"), tokenText("person.first_name", 'the"re')))).toBe(
      'Hi {{person.first_name:"there"}}||!',
    );
    expect(tokenText("visit.path", "")).toBe("{{visit.path}}");
  });
});
