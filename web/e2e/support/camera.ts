import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const folder = join(import.meta.dirname, "../results");
const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];

/** With `USHER_SCREENSHOTS=1` keeps pictures of the page as it is, in three sizes, to be looked at by people. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (process.env.USHER_SCREENSHOTS !== "1") return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(folder, `${name}-${size.width}.png`), animations: "disabled" });
  }
  if (before) await page.setViewportSize(before);
}
