import { describe, expect, it, vi } from "vitest";
import { handClock } from "../testing/clock.ts";
import { said } from "../testing/server.ts";
import { createPace } from "./pace.ts";

const setup = () => {
  const { clock, pass } = handClock();
  const spoke = vi.fn();
  return { pace: createPace(clock, () => 1000, spoke, vi.fn()), pass, spoke };
};

describe("speaking", () => {
  it("says several messages one after another, each after the delay", () => {
    const t = setup();
    t.pace.heard();
    t.pace.follow([said(1, "a"), said(2, "b")]);
    expect([t.pace.shown(), t.pace.typing()]).toEqual([-1, true]);
    t.pass(1000);
    expect([t.pace.shown(), t.pace.typing()]).toEqual([1, true]);
    t.pass(1000);
    expect([t.pace.shown(), t.pace.typing()]).toEqual([2, false]);
    expect(t.spoke).toHaveBeenCalledTimes(2);
  });

  it("counts the wait for the server as part of the delay", () => {
    const t = setup();
    t.pace.heard();
    t.pass(900);
    t.pace.follow([said(1, "a")]);
    t.pass(100);
    expect(t.pace.shown()).toBe(1);
  });

  it("shows history at once and in silence", () => {
    const t = setup();
    t.pace.skip(2);
    t.pace.follow([said(1, "a"), said(2, "b")]);
    expect([t.pace.shown(), t.pace.typing()]).toEqual([2, false]);
    expect(t.spoke).not.toHaveBeenCalled();
  });

  it("does not hold back what the visitor has already answered in another tab", () => {
    const t = setup();
    t.pace.heard();
    t.pace.follow([said(1, "a"), said(2, "yes", { from: "visitor", kind: "answer" }), said(3, "b")]);
    expect(t.pace.shown()).toBe(2);
    t.pass(1000);
    expect(t.pace.shown()).toBe(3);
  });

  it("passes over what a rewind has set aside", () => {
    const t = setup();
    t.pace.skip(1);
    t.pace.heard();
    t.pace.follow([said(1, "a"), said(2, "b", { superseded: true }), said(3, "c")]);
    t.pass(1000);
    expect(t.pace.shown()).toBe(3);
  });
});
