import { expect, it } from "vitest";
import { bytesOf, pushState, textOf } from "./push.ts";

it("writes keys as the server reads them", () => {
  const bytes = Uint8Array.from([4, 0, 251, 255, 62, 63]);
  const text = textOf(bytes.buffer);
  expect(text).toBe("BAD7_z4_");
  expect([...bytesOf(text)]).toEqual([...bytes]);
  expect(textOf(null)).toBe("");
});

it("is unsupported where the browser has no push service", () => {
  expect(pushState([])).toBe("unsupported");
});
