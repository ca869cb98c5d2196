import { expect, test } from "vitest";
import { usesText } from "./uses.ts";

test("who uses something is named, the first and how many more", () => {
  const use = (name: string) => ({ id: name, name, kind: "dialogue", draft: true, published: false });
  expect(usesText([])).toBe("–");
  expect(usesText([use("Offer")])).toBe("Offer");
  expect(usesText([use("Offer"), use("Guide"), use("Prices")])).toBe("Offer and 2 more");
});
