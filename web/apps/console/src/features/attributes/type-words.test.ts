import { expect, it } from "vitest";
import { nameFrom } from "./type-words.ts";

it.each([
  ["Contract value (€)", "contract_value"],
  ["  Élan vital ", "elan_vital"],
  ["2nd phone", "nd_phone"],
  ["日本", ""],
])("makes a name of %j", (label, name) => {
  expect(nameFrom(label)).toBe(name);
});
