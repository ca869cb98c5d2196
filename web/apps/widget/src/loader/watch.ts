import type { Elapsed, Events } from "../protocol.ts";

/** What the watcher needs of the page; tests hand in their own. */
export type Scene = {
  /** Milliseconds, monotonic. */
  now(): number;
  visible(): boolean;
  /** How far the page is scrolled, in percent. */
  depth(target: EventTarget | null): number;
  timer(run: () => void, ms: number): number;
  cancel(id: number): void;
  listen(type: string, run: (event: Event) => void): () => void;
};

export type Watcher = {
  /** What this page view has gathered so far. */
  gathered(): { visible_ms: number; scroll_percent: number };
  stop(): void;
};

/**
 * Watches for a dialogue's event (spec 03, Events) and calls `met` once.
 * Only time during which the page is visible counts; each condition stays met once it was.
 */
export const watch = (events: Events, elapsed: Elapsed, met: () => void, scene: Scene): Watcher => {
  let gone = 0;
  let since = scene.visible() ? scene.now() : 0;
  let seen = scene.visible();
  let scroll = scene.depth(null);
  let exit = false;
  let timer = 0;

  const visibleMs = () => gone + (seen ? scene.now() - since : 0);

  /** Milliseconds until a condition is met; 0 when it is, Infinity when time alone does not bring it. */
  const missing = (c: Events["conditions"][number]): number => {
    if (c.kind === "page_views") return elapsed.page_views >= c.count ? 0 : Infinity;
    if (c.kind === "exit_intent") return exit ? 0 : Infinity;
    if (c.kind === "scroll_depth") return scroll > c.percent || scroll === 100 ? 0 : Infinity;
    const before = c.kind === "time_on_page" ? elapsed.page_seconds : elapsed.site_seconds;
    return Math.max(0, (c.seconds - before) * 1000 - visibleMs());
  };

  const check = () => {
    scene.cancel(timer);
    const left = events.conditions.map(missing);
    const wait = left.length === 0 ? 0 : Math[events.mode === "any" ? "min" : "max"](...left);
    if (wait === 0) {
      stop();
      met();
    } else if (seen) {
      const next = Math.min(...left.filter((ms) => ms > 0));
      if (next < Infinity) timer = scene.timer(check, next + 1);
    }
  };

  const off = [
    scene.listen("visibilitychange", () => {
      gone = visibleMs();
      seen = scene.visible();
      since = scene.now();
      check();
    }),
    scene.listen("scroll", (event) => {
      scroll = Math.max(scroll, scene.depth(event.target));
      check();
    }),
    scene.listen("mouseout", (event) => {
      const { relatedTarget, clientY } = event as MouseEvent;
      // The pointer left through the top edge, where tabs and the address bar are.
      if (!relatedTarget && clientY <= 0) {
        exit = true;
        check();
      }
    }),
  ];
  const stop = () => {
    scene.cancel(timer);
    for (const unlisten of off) unlisten();
  };
  // Never within this call: the caller does not hold the watcher yet.
  timer = scene.timer(check, 0);

  return {
    gathered: () => ({ visible_ms: Math.round(visibleMs()), scroll_percent: Math.round(scroll) }),
    stop,
  };
};

/** The real page. */
export const pageScene = (): Scene => ({
  now: () => performance.now(),
  visible: () => document.visibilityState === "visible",
  depth(target) {
    const root = document.documentElement;
    const box = target instanceof Element ? target : root;
    // A scrolling part of the page stands for the page only when it fills most of it.
    if (box.clientHeight * 2 < innerHeight) return 0;
    const room = box.scrollHeight - (box === root ? innerHeight : box.clientHeight);
    // While the page is still loading, a short document does not mean that all was seen.
    if (room < 1) return document.readyState === "complete" && box === root ? 100 : 0;
    return Math.min(100, ((box === root ? scrollY : box.scrollTop) / room) * 100);
  },
  timer: (run, ms) => setTimeout(run, ms) as unknown as number,
  cancel: (id) => clearTimeout(id),
  listen(type, run) {
    const options = { capture: true, passive: true };
    document.addEventListener(type, run, options);
    return () => document.removeEventListener(type, run, options);
  },
});
