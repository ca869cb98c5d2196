import { describe, expect, it } from "vitest";
import { countedBeside, narrowings, queryOf } from "./narrowings.ts";

describe("what narrows the conversations", () => {
  it("is a part of a report, in the words of the report", () => {
    expect(narrowings({ by: "page", key: "https://shop.example/prices" })[0]?.label).toBe(
      "Page: shop.example/prices",
    );
    expect(narrowings({ by: "known", key: "known" })[0]?.label).toBe("People: Known people");
    expect(narrowings({ by: "version", key: "3" })).toEqual([
      { label: "Version 3", without: { by: undefined, key: undefined } },
    ]);
  });

  it("is a goal or document by name", () => {
    expect(narrowings({ reached: "documents", named: "Price list" })[0]?.label).toBe("Document: Price list");
    expect(narrowings({ reached: "goals", named: "Demo" })[0]?.label).toBe("Goal: Demo");
  });

  it("says nothing of halves, and does not ask for them", () => {
    expect(narrowings({ reached: "engaged", named: "Demo", by: "page" })).toEqual([]);
    const asked = queryOf({ reached: "engaged", named: "Demo", by: "page" });
    expect(asked).toMatchObject({ figure: "engaged", named: undefined });
    expect(asked).not.toHaveProperty("by");
  });

  it("names who is in the figure and not in the list", () => {
    expect(countedBeside({ reached: "triggered" })).toMatch(/guests/);
    expect(countedBeside({ reached: "engaged" })).not.toMatch(/guests/);
  });
});
