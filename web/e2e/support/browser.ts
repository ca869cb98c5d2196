import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium, quiet and without any contact to the outside. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A finding of axe that people would notice. */
export interface Finding {
  id: string;
  impact: string;
  nodes: string[];
}

/** Waits until nothing fades or slides any more: until then colours are those of no state. What never ends is not waited for. */
async function stillness(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const hosts = () => [...document.querySelectorAll("*")].flatMap((one) => one.shadowRoot ?? []);
    const moving = () =>
      [document, ...hosts()]
        .flatMap((root) => root.getAnimations())
        .filter((one) => one.playState === "running" && one.effect?.getComputedTiming().endTime !== Infinity);
    while (moving().length > 0) {
      await Promise.all(moving().map((one) => one.finished.catch(() => undefined)));
    }
  });
}

/** Serious and critical findings of axe on the page as it stands (WCAG 2.2 A and AA), shadow roots included. */
export async function seriousFindings(page: Page): Promise<Finding[]> {
  await stillness(page);
  // Evaluated by the debugger, which no content security policy of the page restricts.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const result = await axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    });
    return result.violations
      .filter((v) => v.impact === "serious" || v.impact === "critical")
      .map((v) => ({
        id: v.id,
        impact: v.impact ?? "",
        nodes: v.nodes.map((n) => `${n.target.join(" ")}: ${n.failureSummary ?? ""}`),
      }));
  });
}

/** The console in light or dark, once every colour has changed: while some still fade, they are those of neither scheme. */
export async function inScheme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: "attached" });
  await page.evaluate(async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    const fading = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
    // Transitions begin with the frame in which the new colours are first drawn.
    await frame();
    await frame();
    while (fading().length > 0) {
      await Promise.all(fading().map((one) => one.finished.catch(() => undefined)));
      await frame();
    }
  });
}

/** Everything on a page that should make a test fail: errors in the console and uncaught exceptions. */
export function collectProblems(context: BrowserContext): string[] {
  const problems: string[] = [];
  context.on("weberror", (e) => problems.push(`uncaught: ${e.error().message}`));
  context.on("console", (m) => {
    if (m.type() === "error") problems.push(`console: ${m.text()}`);
  });
  return problems;
}
