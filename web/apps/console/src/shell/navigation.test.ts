import { expect, it } from "vitest";
import { mine, sections } from "./navigation.ts";

it("no two screens are reached by the same keys", () => {
  const jumps = [...sections.flatMap((section) => section.entries), mine].flatMap(
    (entry) => entry.jump ?? [],
  );
  expect(jumps).toEqual([...new Set(jumps)]);
});
