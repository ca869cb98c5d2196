import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api, smallTalk, words } from "../support/api.ts";
import { launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open, settled } from "../support/console.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { everyScreen, type Screen } from "../support/screens.ts";
import { type Server, startDemo } from "../support/server.ts";

const SCHEMES = ["light", "dark"] as const;

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let screens: Screen[];

beforeAll(async () => {
  demo = await startDemo();
  api = new Api(demo);
  website = await startWebsite();
  browser = await launchBrowser();
  screens = await everyScreen(api);
  for (const theme of SCHEMES) {
    const site = await api.site(`Looks ${theme}`, {
      privacy: { consent_mode: "open", privacy_url: "https://example.com/privacy" },
      style: { theme, response_delay_ms: 0 },
    });
    await api.publish(site.id, `Looks ${theme}`, smallTalk("May we talk?"), {
      include: [`${website.url}/${theme}`],
    });
    const html = pageWith(snippet(demo.url, site.key), "", '<a href="#top">A link of the host</a>');
    website.pages.set(`/${theme}`, { html });
  }
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
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
        for (const { name, path } of screens) {
          await open(page, demo, path);
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
    for (const { name, path } of screens) {
      await open(page, demo, path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) wide[name] = over;
    }
    expect(wide).toEqual({});
  });
});

test("the console is worked by keyboard: sign in, go to a screen, search, open a record", async () => {
  await within({ viewport: { width: 1440, height: 900 } }, async (context) => {
    const page = await context.newPage();
    const owner = demo.sign_ins.find((one) => one.owner);
    await page.goto(`${demo.url}/console/sign-in`);
    await tabTo(page, () => focused(page).then((f) => f.name === "email" || f.type === "email"));
    await page.keyboard.type(owner?.email ?? "");
    await tabTo(page, () => focused(page).then((f) => f.type === "password"));
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
  });
});

describe.each(SCHEMES)("widget, %s", (colorScheme) => {
  test("every state is free of serious findings", async () => {
    await within(
      { colorScheme, viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" },
      async (context) => {
        const page = await context.newPage();
        const chat = new Chat(page);
        const check = async (state: string) => {
          expect(await seriousFindings(page), state).toEqual([]);
          await photograph(page, `widget-${state}-${colorScheme}`);
        };
        await page.goto(`${website.url}/${colorScheme}`);
        await chat.poke.waitFor();
        await check("poke");
        await chat.poke.click();
        await chat.offered();
        await check("question");
        await chat.answer("Yes");
        await chat.field("E-mail").waitFor();
        await check("form");
        await chat.field("E-mail").fill("nowhere");
        await chat.send();
        await chat.panel.getByText("Please enter a valid e-mail address").waitFor();
        await check("form-with-errors");
        await context.setOffline(true);
        await chat.field("E-mail").fill("axe@example.com");
        await chat.send();
        await chat.panel.getByText("You are offline").waitFor();
        await check("offline");
        await context.setOffline(false);
        await chat.ended();
        await check("completed");
      },
    );
  });
});

test("a whole conversation by keyboard alone, with the focus kept and given back", async () => {
  await within({ viewport: { width: 1280, height: 800 } }, async (context) => {
    const page = await context.newPage();
    const chat = new Chat(page);
    await page.goto(`${website.url}/light`);
    await chat.poke.waitFor();
    await tabTo(page, () =>
      focused(page).then((f) => f.classes.includes("poke-text") || f.classes.includes("anchor")),
    );
    expect(await focusShows(page)).toBe(true);
    await page.keyboard.press("Enter");
    await chat.offered();
    await tabTo(page, () => focused(page).then((f) => f.text === "Yes"));
    await page.keyboard.press("Enter");
    await chat.field("Name").waitFor();
    await tabTo(page, () => focused(page).then((f) => f.id === "usher-name"));
    await page.keyboard.type("Kei");
    await page.keyboard.press("Tab");
    await page.keyboard.type("not an address");
    await page.keyboard.press("Enter");
    await chat.panel.getByText("Please enter a valid e-mail address").waitFor();
    expect((await focused(page)).id, "the focus is led to the fault").toBe("usher-email");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("kei.keyboard@example.com");
    await page.keyboard.press("Enter");
    await chat.hears("Goodbye.");
    await chat.ended();
    await page.keyboard.press("Escape");
    await chat.panel.waitFor({ state: "hidden" });
    expect((await focused(page)).classes, "the focus goes back to the button").toContain("anchor");
  });
});

test("on a phone of 320 pixels the conversation covers the screen and nothing is cut off", async () => {
  const site = await api.site("Narrow", {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  const long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung ".repeat(3);
  const stream = {
    start: "ask",
    cards: [
      {
        id: "ask",
        kind: "question",
        text: words(long),
        style: "list",
        responses: [
          { id: "a", label: long.slice(0, 100), next: "bye" },
          { id: "b", label: "مرحبا بالعالم", next: "bye" },
        ],
      },
      { id: "bye", kind: "message", text: words("Goodbye."), next: null },
    ],
  };
  await api.publish(site.id, "Narrow", stream, { include: [`${website.url}/narrow`] });
  website.pages.set("/narrow", {
    html: pageWith(snippet(demo.url, site.key), '<meta name="viewport" content="width=device-width">'),
  });
  await within({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }, async (context) => {
    const page = await context.newPage();
    const chat = new Chat(page);
    await page.goto(`${website.url}/narrow`);
    await chat.open();
    await chat.offered();
    const box = await chat.panel.boundingBox();
    expect([box?.x, box?.width]).toEqual([0, 320]);
    const cut = await chat.panel.evaluate((panel) =>
      [...panel.querySelectorAll<HTMLElement>("*")]
        .filter((e) => e.getBoundingClientRect().right > 320.5)
        .map((e) => e.className),
    );
    expect(cut).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await photograph(page, "widget-narrow");
  });
});

interface Focused {
  id: string;
  name: string;
  type: string;
  classes: string;
  text: string;
}

/** The element with the focus, shadow roots opened. */
function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    let now = document.activeElement;
    while (now?.shadowRoot?.activeElement) now = now.shadowRoot.activeElement;
    return {
      id: now?.id ?? "",
      name: now?.getAttribute("name") ?? "",
      type: now?.getAttribute("type") ?? "",
      classes: now?.getAttribute("class") ?? "",
      text: (now?.textContent ?? "").trim(),
    };
  });
}

/** Whether a person can see where the focus is. */
function focusShows(page: Page): Promise<boolean> {
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

/** Presses Tab until `there`; fails when going round does not lead to it. */
async function tabTo(page: Page, there: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await there()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("the Tab key does not lead there");
}
