/** Routers change the title after the address, and some change the address many times. */
const SETTLED_MS = 60;

/** Calls `moved` after the address may have changed, and `left` when the page is no longer looked at. */
export const followMoves = (moved: () => void, again: () => void, left: () => void): void => {
  let settle: ReturnType<typeof setTimeout>;
  const soon = () => {
    clearTimeout(settle);
    settle = setTimeout(moved, SETTLED_MS);
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      soon();
    };
  }
  addEventListener("popstate", soon);
  // A page that comes back from the browser's memory as it was is looked at once more.
  addEventListener("pageshow", (event) => event.persisted && again());
  document.addEventListener("visibilitychange", () => document.hidden && left());
  // What moved before anybody followed.
  moved();
};
