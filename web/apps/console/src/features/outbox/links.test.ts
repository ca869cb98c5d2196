import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withLinks } from "./links.ts";

describe("links of a mail", () => {
  it("are clickable without the full stop that follows", () => {
    expect(withLinks("Join: http://localhost:8080/console/join/abc. Bye")).toEqual([
      { text: "Join: " },
      { text: "http://localhost:8080/console/join/abc", href: "http://localhost:8080/console/join/abc" },
      { text: ". Bye" },
    ]);
  });

  it("are never scripts", () => {
    expect(withLinks("javascript:alert(1)")).toEqual([{ text: "javascript:alert(1)" }]);
  });

  it("lose no sign of the text", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("https://a.b", "http://", " ", ".", "x", "\n", ")")), (parts) => {
        const text = parts.join("");
        expect(
          withLinks(text)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});
