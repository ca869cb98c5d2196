import { describe, expect, it, vi } from "vitest";
import type { Elapsed, Events } from "../protocol.ts";
import { handClock } from "../testing/clock.ts";
import { type Scene, watch } from "./watch.ts";

const fresh: Elapsed = { page_seconds: 0, site_seconds: 0, page_views: 1 };

const setup = (events: Events, elapsed = fresh) => {
  const { clock, pass } = handClock();
  const listeners = new Map<string, (event: Event) => void>();
  let visible = true;
  let depth = 0;
  const scene: Scene = {
    ...clock,
    visible: () => visible,
    depth: () => depth,
    listen(type, run) {
      listeners.set(type, run);
      return () => listeners.delete(type);
    },
  };
  const met = vi.fn();
  const watcher = watch(events, elapsed, met, scene);
  const fire = (type: string, more: object = {}) =>
    listeners.get(type)?.(Object.assign(new Event(type), more));
  pass(0);
  return {
    met,
    watcher,
    pass,
    listeners,
    show: (on: boolean) => {
      visible = on;
      fire("visibilitychange");
    },
    scroll: (percent: number) => {
      depth = percent;
      fire("scroll");
    },
    leaveTop: () => fire("mouseout", { relatedTarget: null, clientY: -1 }),
    leaveElsewhere: () => fire("mouseout", { relatedTarget: null, clientY: 300 }),
  };
};

describe("watching for a dialogue's event", () => {
  it("comes at once when there is nothing to wait for", () => {
    expect(setup({ mode: "all", conditions: [] }).met).toHaveBeenCalledOnce();
  });

  it("counts only the time during which the page is visible", () => {
    const t = setup({ mode: "all", conditions: [{ kind: "time_on_page", seconds: 30 }] });
    t.pass(10_000);
    t.show(false);
    t.pass(60_000);
    expect(t.met).not.toHaveBeenCalled();
    expect(t.watcher.gathered().visible_ms).toBe(10_000);
    t.show(true);
    t.pass(19_999);
    expect(t.met).not.toHaveBeenCalled();
    t.pass(2);
    expect(t.met).toHaveBeenCalledOnce();
  });

  it("adds the time of earlier stays: 10 seconds, away, then 20 more", () => {
    const events: Events = { mode: "all", conditions: [{ kind: "time_on_page", seconds: 30 }] };
    const t = setup(events, { page_seconds: 10, site_seconds: 45, page_views: 3 });
    t.pass(19_000);
    expect(t.met).not.toHaveBeenCalled();
    t.pass(1_001);
    expect(t.met).toHaveBeenCalledOnce();
  });

  it("keeps time on site apart from time on page", () => {
    const events: Events = { mode: "all", conditions: [{ kind: "time_on_site", seconds: 50 }] };
    const t = setup(events, { page_seconds: 0, site_seconds: 45, page_views: 3 });
    t.pass(5_001);
    expect(t.met).toHaveBeenCalledOnce();
  });

  it("needs every condition in mode all, in any order, each met once for good", () => {
    const t = setup({
      mode: "all",
      conditions: [
        { kind: "scroll_depth", percent: 50 },
        { kind: "exit_intent" },
        { kind: "time_on_page", seconds: 5 },
      ],
    });
    t.leaveTop();
    t.scroll(60);
    t.scroll(0);
    expect(t.met).not.toHaveBeenCalled();
    t.pass(5_001);
    expect(t.met).toHaveBeenCalledOnce();
  });

  it("needs one condition in mode any", () => {
    const t = setup({
      mode: "any",
      conditions: [{ kind: "time_on_page", seconds: 500 }, { kind: "exit_intent" }],
    });
    t.leaveTop();
    expect(t.met).toHaveBeenCalledOnce();
  });

  it("takes leaving through the top edge as exit intent, and no other edge", () => {
    const t = setup({ mode: "all", conditions: [{ kind: "exit_intent" }] });
    t.leaveElsewhere();
    expect(t.met).not.toHaveBeenCalled();
    t.leaveTop();
    expect(t.met).toHaveBeenCalledOnce();
  });

  it("wants more than the given depth", () => {
    const t = setup({ mode: "all", conditions: [{ kind: "scroll_depth", percent: 50 }] });
    t.scroll(50);
    expect(t.met).not.toHaveBeenCalled();
    t.scroll(51);
    expect(t.met).toHaveBeenCalledOnce();
    expect(t.watcher.gathered().scroll_percent).toBe(51);
  });

  it("counts the page views of the visit", () => {
    const events: Events = { mode: "all", conditions: [{ kind: "page_views", count: 3 }] };
    expect(setup(events, { ...fresh, page_views: 2 }).met).not.toHaveBeenCalled();
    expect(setup(events, { ...fresh, page_views: 3 }).met).toHaveBeenCalledOnce();
  });

  it("leaves the page alone once it is met or stopped", () => {
    const t = setup({ mode: "all", conditions: [{ kind: "exit_intent" }] });
    expect(t.listeners.size).toBe(3);
    t.leaveTop();
    t.leaveTop();
    expect(t.met).toHaveBeenCalledOnce();
    expect(t.listeners.size).toBe(0);
  });
});
