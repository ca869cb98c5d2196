import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DocumentEvent } from "../protocol.ts";
import { createReading, type Reading } from "./reading.ts";

let told: DocumentEvent[];
let reading: Reading;
let present: boolean;
const hidden = (yes: boolean) => {
  Object.defineProperty(document, "hidden", { value: yes, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  present = true;
  reading = createReading(
    (event) => told.push(event),
    () => present,
  );
  vi.advanceTimersByTime(1);
});
afterEach(() => {
  reading.end();
  hidden(false);
  vi.useRealTimers();
});

describe("reading a document", () => {
  it("is told from its opening to its end, page by page with their times", () => {
    reading.turned(1);
    vi.advanceTimersByTime(4000);
    reading.turned(2);
    vi.advanceTimersByTime(2500);
    reading.did({ kind: "search", text: "price" });
    reading.end();
    expect(told).toEqual([
      { kind: "opened" },
      { kind: "page", page: 1, seconds: 4 },
      { kind: "search", text: "price" },
      { kind: "page", page: 2, seconds: 2.5 },
      { kind: "closed" },
    ]);
  });

  it("is told while it goes on, not only at its end", () => {
    reading.turned(1);
    vi.advanceTimersByTime(31_000);
    const seconds = told.flatMap((event) => (event.kind === "page" ? [event.seconds] : []));
    expect(seconds.length).toBeGreaterThan(1);
    expect(seconds.reduce((sum, s) => sum + s, 0)).toBeGreaterThanOrEqual(29);
  });

  it("counts only time during which the page is visible", () => {
    reading.turned(3);
    vi.advanceTimersByTime(2000);
    hidden(true);
    vi.advanceTimersByTime(60_000);
    hidden(false);
    vi.advanceTimersByTime(1000);
    reading.end();
    const seconds = told.flatMap((event) => (event.kind === "page" ? [event.seconds] : []));
    expect(seconds).toEqual([2, 1]);
  });

  it("ends by itself when the document has left the screen", () => {
    reading.turned(1);
    vi.advanceTimersByTime(10_000);
    present = false;
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([{ kind: "opened" }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("passes over pages that were only leafed through", () => {
    for (const page of [1, 2, 3]) {
      reading.turned(page);
      vi.advanceTimersByTime(100);
    }
    expect(told).toEqual([{ kind: "opened" }]);
  });
});
