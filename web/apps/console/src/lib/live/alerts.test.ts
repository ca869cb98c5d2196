import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { blinkTitle, whoIs } from "./alerts.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("blinks with the tab's title, also when the screen changes meanwhile, and leaves the last one", () => {
  document.title = "People · Usher";
  const still = blinkTitle("A chat waits");
  vi.advanceTimersByTime(1000);
  expect(document.title).toBe("A chat waits");
  document.title = "Home · Usher";
  vi.advanceTimersByTime(1000);
  expect(document.title).toBe("Home · Usher");
  vi.advanceTimersByTime(1000);
  expect(document.title).toBe("A chat waits");
  still();
  expect(document.title).toBe("Home · Usher");
  vi.advanceTimersByTime(5000);
  expect(document.title).toBe("Home · Usher");
});

it("calls a visitor by what is known", () => {
  expect(whoIs({ name: "Ada", email: "a@b.example" })).toBe("Ada");
  expect(whoIs({ name: null, email: "a@b.example" })).toBe("a@b.example");
  expect(whoIs({})).toBe("Anonymous visitor");
});
