import type { LibraryGoal } from "@usher/api";
import { expect, test } from "vitest";
import { goalCalled } from "./goals.ts";

const goal = (name: string, ...former_names: string[]): LibraryGoal => ({
  id: name,
  name,
  former_names,
  reached: 0,
  people: 0,
  used_in: [],
  created_at: "2026-11-20T10:00:00Z",
  created_by: null,
});

test.each([
  ["Demo booked", "Demo booked"],
  [" demo BOOKED ", "Demo booked"],
  ["Call", "Demo booked"],
  ["elan", "Élan"],
  ["Demo", undefined],
  ["", undefined],
])("“%s” means %s", (name, expected) => {
  expect(goalCalled([goal("Demo booked", "Call"), goal("Élan")], name)?.name).toBe(expected);
});
