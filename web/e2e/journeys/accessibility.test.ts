import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { consoleTab, open, openScreen, settled } from "../support/console.ts";
import { focusShows, tabTo, withoutPointer } from "../support/keyboard.ts";
import { PANELS } from "../support/panels.ts";
import { everyScreen, type Screen } from "../support/screens.ts";
import { type Server, startDemo } from "../support/server.ts";

const SCHEMES = ["light", "dark"] as const;

let demo: Server;
let api: Api;
let browser: Browser;
let screens: Screen[];

beforeAll(async () => {
  demo = await startDemo();
  api = new Api(demo);
  browser = await launchBrowser();
  screens = await everyScreen(api);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Runs with a context that is closed whatever happens. */
async function within(
  options: Parameters<Browser["newContext"]>[0],
  run: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(10_000);
  try {
    await run(context);
  } finally {
    await context.close();
  }
}

describe.each(SCHEMES)("console, %s", (colorScheme) => {
  test("every screen is free of serious findings", { timeout: 300_000 }, async () => {
    await within(
      { colorScheme, viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" },
      async (context) => {
        const page = await consoleTab(context, demo);
        const found: Record<string, unknown> = {};
        for (const screen of screens) {
          const { name } = screen;
          await openScreen(page, demo, screen);
          const findings = await seriousFindings(page);
          if (findings.length > 0) found[name] = findings;
          await photograph(page, `console-${name}-${colorScheme}`);
        }
        expect(found).toEqual({});
      },
    );
  });

  test("every dialog, panel and menu is, too", { timeout: 300_000 }, async () => {
    await within(
      { colorScheme, viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" },
      async (context) => {
        const page = await consoleTab(context, demo);
        const found: Record<string, unknown> = {};
        for (const { name, at, open: show } of PANELS) {
          await open(page, demo, await at(api));
          await show(page);
          const findings = await seriousFindings(page);
          if (findings.length > 0) found[name] = findings;
          await photograph(page, `console-${name}-${colorScheme}`);
        }
        expect(found).toEqual({});
      },
    );
  });

  test("what stands before the sign-in is, too", async () => {
    await within({ colorScheme, reducedMotion: "reduce" }, async (context) => {
      const page = await context.newPage();
      for (const path of ["/sign-in", "/forgotten", "/join/no-such-token", "/reset/no-such-token"]) {
        await open(page, demo, path);
        expect(await seriousFindings(page), path).toEqual([]);
        await photograph(page, `console${path.split("/no-")[0]?.replace("/", "-")}-${colorScheme}`);
      }
    });
  });
});

test("no screen of the console scrolls sideways at 320 pixels", { timeout: 300_000 }, async () => {
  await within({ viewport: { width: 320, height: 640 }, reducedMotion: "reduce" }, async (context) => {
    const page = await consoleTab(context, demo);
    const wide: Record<string, number> = {};
    for (const screen of screens) {
      const { name } = screen;
      await openScreen(page, demo, screen);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) wide[name] = over;
    }
    expect(wide).toEqual({});
  });
});

test("the console is worked by keyboard: sign in, go to a screen, search, open a record", async () => {
  await within({ viewport: { width: 1440, height: 900 } }, async (context) => {
    const page = await context.newPage();
    const pointed = await withoutPointer(page);
    const owner = demo.sign_ins.find((one) => one.owner);
    await page.goto(`${demo.url}/console/sign-in`);
    await tabTo(page, (now) => now.name === "email" || now.type === "email");
    await page.keyboard.type(owner?.email ?? "");
    await tabTo(page, (now) => now.type === "password");
    await page.keyboard.type(owner?.password ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("navigation").first().waitFor();

    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("People");
    await page.getByRole("dialog").getByText("People", { exact: true }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("link", { name: /@/ }).first().waitFor();
    await settled(page);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "What happened" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const ring = await page.keyboard.press("Tab").then(() => focusShows(page));
    expect(ring, "focus is visible").toBe(true);
    expect(await pointed(), "no pointer was used").toBe(0);
  });
});
