/** Elements that are added one after another are looked at together. */
const SETTLED_MS = 200;

/**
 * Flows that the page declares by `data-usher-flow`: a click on a link or button starts one; in any other element one is
 * shown, also when the element comes later. `click` and `scan` are called only on pages that have such elements.
 */
export const declaredFlows = (click: (element: never) => void, scan: () => void): void => {
  let settling = true;
  const look = () => {
    settling = false;
    if (document.querySelector("[data-usher-flow]:not(a,button)")) scan();
  };
  new MutationObserver(() => {
    if (!settling) setTimeout(look, SETTLED_MS);
    settling = true;
  }).observe(document, { childList: true, subtree: true });
  look();
  document.addEventListener("click", (event) => {
    const element = (event.target as Element).closest("[data-usher-flow]:is(a,button)");
    if (!element) return;
    event.preventDefault();
    click(element as never);
  });
};
