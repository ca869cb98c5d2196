import type { Page } from "playwright-core";

/** What a test asks of the element that has the focus. */
export interface Focused {
  id: string;
  name: string;
  type: string;
  role: string;
  classes: string;
  label: string;
  text: string;
}

/** The element with the focus, shadow roots opened. */
export function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    let now = document.activeElement;
    while (now?.shadowRoot?.activeElement) now = now.shadowRoot.activeElement;
    const attribute = (name: string) => now?.getAttribute(name) ?? "";
    return {
      id: now?.id ?? "",
      name: attribute("name"),
      type: attribute("type"),
      role: attribute("role"),
      classes: attribute("class"),
      label: attribute("aria-label"),
      text: (now?.textContent ?? "").trim(),
    };
  });
}

/** Whether a person can see where the focus is. */
export function focusShows(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    let now = document.activeElement;
    while (now?.shadowRoot?.activeElement) now = now.shadowRoot.activeElement;
    if (!now) return false;
    const style = getComputedStyle(now);
    return (
      (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
    );
  });
}

/** Presses Tab until the focus is where `there` says; fails when going round does not lead to it. */
export async function tabTo(page: Page, there: (now: Focused) => boolean): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (there(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the Tab key does not lead there");
}

/** Counts from the next page on how often pointer, finger or wheel were used; what comes back says the number. */
export async function withoutPointer(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    let used = 0;
    const count = () => {
      used += 1;
      document.documentElement.dataset.pointer = String(used);
    };
    for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"])
      addEventListener(kind, count, true);
  });
  return () => page.evaluate(() => Number(document.documentElement.dataset.pointer ?? 0));
}
