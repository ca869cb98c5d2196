import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Api, colours, type Dialogue, smallTalk, words } from "../support/api.ts";
import { launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { ANSWER, approvedAnswer, everyCard, guide } from "../support/every-card.ts";
import { focused, focusShows, tabTo, withoutPointer } from "../support/keyboard.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Server, startDemo } from "../support/server.ts";

const SCHEMES = ["light", "dark"] as const;

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;

beforeAll(async () => {
  demo = await startDemo();
  api = new Api(demo);
  website = await startWebsite();
  browser = await launchBrowser();
  await approvedAnswer(api);
  const document = await guide(demo);
  for (const theme of SCHEMES) await serve(theme, document);
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});

/** A site whose look is light or dark, with a dialogue, a flow, and the pages they are on. */
async function serve(theme: (typeof SCHEMES)[number], document: string): Promise<void> {
  const site = await api.site(`Looks ${theme}`, {
    privacy: { consent_mode: "open", privacy_url: "https://example.com/privacy" },
    style: { theme, response_delay_ms: 0 },
  });
  await api.publish(site.id, `Looks ${theme}`, everyCard(document), { include: [`${website.url}/${theme}`] });
  await api.publish(site.id, `Greets ${theme}`, smallTalk("May we talk?"), {
    include: [`${website.url}/${theme}/two`],
  });
  const flow = (await api.flow(site.id, `Colours ${theme}`, colours())).id;
  const page = (path: string, body: string) =>
    website.pages.set(`/${theme}${path}`, { html: pageWith(snippet(demo.url, site.key), "", body) });
  page("", '<a href="#top">A link of the host</a>');
  page("/two", `<button data-usher-flow="${flow}">Choose</button>`);
  page("/popup", `<button data-usher-flow="${flow}" data-usher-ui="popup">Choose</button>`);
  page("/inline", `<div data-usher-flow="${flow}" style="width:420px;height:520px"></div>`);
  const asked = await api.site(`Asks ${theme}`, {
    privacy: { consent_mode: "required" },
    style: { theme, response_delay_ms: 0 },
  });
  const unrecorded = (await api.flow(asked.id, `Unrecorded ${theme}`, colours())).id;
  website.pages.set(`/${theme}/asks`, {
    html: pageWith(
      snippet(demo.url, asked.key),
      "",
      `<button data-usher-flow="${unrecorded}">Choose</button>`,
    ),
  });
  const draft = await api.ok<{ id: string; draft: object; draft_version: number }>("POST", "/dialogues", {
    site_id: site.id,
    name: `Draft ${theme}`,
  });
  await api.ok(
    "PATCH",
    `/dialogues/${draft.id}`,
    { draft: { ...draft.draft, stream: smallTalk("Only a draft.") } },
    { "if-match": `"${draft.draft_version}"` },
  );
  const link = await api.ok<{ url: string }>("POST", `/dialogues/${draft.id}/preview-link`, {
    url: `${website.url}/${theme}/popup`,
  });
  previews.set(theme, link.url);
}
const previews = new Map<string, string>();

/** Runs with a page whose context is closed whatever happens. */
async function within(
  options: Parameters<Browser["newContext"]>[0],
  run: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(10_000);
  try {
    await run(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** The script of the site is there: a click before it is a click on a page without it. */
const loaded = (page: Page) => page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function");

describe.each(SCHEMES)("widget, %s", (colorScheme) => {
  const desk = { colorScheme, viewport: { width: 1440, height: 900 } };
  const looks = (page: Page) => async (state: string) => {
    expect(await seriousFindings(page), state).toEqual([]);
    await photograph(page, `widget-${state}-${colorScheme}`);
  };

  test("every state of a conversation is free of serious findings", async () => {
    await within(desk, async (page, context) => {
      const chat = new Chat(page);
      const check = looks(page);
      await page.goto(`${website.url}/${colorScheme}`);
      await chat.poke.waitFor();
      await check("poke");
      await chat.poke.click();
      await chat.offered();
      await check("choices");
      const box = chat.panel.getByRole("textbox");
      await box.fill("x".repeat(4_100));
      await chat.panel.getByRole("alert").waitFor();
      await check("text-too-long");
      await box.fill("A word of my own");
      await check("text");
      await box.press("Enter");
      await chat.hears("Which of these is nearest?");
      await chat.offered();
      await check("list");
      await chat.answer("More than that");
      await chat.field("E-mail").waitFor();
      await check("form");
      await chat.field("E-mail").fill("nowhere");
      await chat.field("Telephone").fill("abc");
      await chat.field("Website").fill("not an address");
      await chat.send();
      await chat.panel.getByText("Please enter a valid e-mail address").waitFor();
      await check("form-with-errors");
      await context.setOffline(true);
      await chat.field("E-mail").fill("axe@example.com");
      await chat.field("Telephone").fill("+49 40 123456");
      await chat.field("Website").fill("https://example.com");
      await chat.send();
      await chat.panel.getByText("You are offline").waitFor();
      await check("offline");
      await context.setOffline(false);
      const offer = chat.panel.getByRole("button", { name: "Short guide" });
      await offer.waitFor();
      await check("document");
      await offer.click();
      const viewer = page.frameLocator("iframe[title='Short guide']");
      await viewer.getByRole("toolbar").getByText("Page 1 of 3").waitFor();
      await check("viewer");
      await page.getByRole("button", { name: "Full screen" }).click();
      await viewer.getByRole("searchbox").fill("nowhere to be found");
      await viewer.getByRole("status").filter({ hasText: /\S/ }).first().waitFor();
      await check("viewer-wide");
      await page.keyboard.press("Escape");
      await page.locator("iframe").waitFor({ state: "detached" });
      await chat.panel.getByRole("button", { name: "I have seen it" }).click();
      await chat.panel.getByRole("button", { name: "No more questions" }).waitFor();
      await check("answers");
      await box.fill(ANSWER.question);
      await box.press("Enter");
      await chat.hears(ANSWER.says);
      await chat.panel.getByRole("link", { name: ANSWER.source }).waitFor();
      await check("answered");
      await box.fill("Who won the cup in 1954?");
      await box.press("Enter");
      await chat.hears("I do not know that, and have noted it.");
      await chat.ended();
      await check("ended");
    });
  });

  test("so are the other ways in which it appears", async () => {
    await within(desk, async (page) => {
      const chat = new Chat(page);
      const check = looks(page);
      await page.goto(`${website.url}/${colorScheme}/popup`);
      await loaded(page);
      await page.getByRole("button", { name: "Choose" }).click();
      await chat.offered();
      expect(await chat.panel.getAttribute("aria-modal")).toBe("true");
      await check("popup");
      await page.goto(`${website.url}/${colorScheme}/inline`);
      const region = page.getByRole("region", { name: /: chat$/ });
      await region.getByText("Which colour?").waitFor();
      await check("inline");
      await page.goto(`${website.url}/${colorScheme}/two`);
      await chat.open();
      await chat.answer("Yes");
      await chat.field("Name").waitFor();
      await page.getByRole("button", { name: "Choose" }).click();
      await chat.hears("Which colour?");
      await chat.panel.getByLabel("Conversations").waitFor();
      await check("two-conversations");
      await page.goto(`${website.url}/${colorScheme}/asks`);
      await loaded(page);
      await page.getByRole("button", { name: "Choose" }).click();
      await chat.offered();
      await check("without-consent");
      await page.goto(previews.get(colorScheme) ?? "");
      await chat.open();
      await chat.panel.getByText("Preview: nothing is recorded").waitFor();
      await check("preview");
    });
  });

  test("and the conversation on a phone", async () => {
    const phone = { colorScheme, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    await within(phone, async (page) => {
      const chat = new Chat(page);
      await page.goto(`${website.url}/${colorScheme}`);
      await chat.open();
      await chat.offered();
      expect(await seriousFindings(page)).toEqual([]);
    });
  });
});

test("a document that is gone in the middle is said to be, and the conversation goes on", async () => {
  const gone = await guide(demo);
  const site = await api.site("Gone", { privacy: { consent_mode: "open" }, style: { response_delay_ms: 0 } });
  const stream = {
    start: "ask",
    cards: [
      {
        id: "ask",
        kind: "question",
        text: words("Would you like to read?"),
        style: "buttons",
        responses: [
          { id: "yes", label: "Yes", next: "guide" },
          { id: "no", label: "No", next: "bye" },
        ],
      },
      { id: "guide", kind: "document", text: words("Our guide."), document: gone, next: "bye" },
      { id: "bye", kind: "message", text: words("Goodbye."), next: null },
    ],
  };
  const { id } = await api.publish(site.id, "Gone", stream, { include: [`${website.url}/gone`] });
  website.pages.set("/gone", { html: pageWith(snippet(demo.url, site.key)) });
  await within({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const chat = new Chat(page);
    await page.goto(`${website.url}/gone`);
    await chat.open();
    await chat.answer("Yes");
    await chat.panel.getByRole("button", { name: "Short guide" }).waitFor();

    // The conversation stays with its version, which nobody else meets any more.
    const { draft, draft_version } = await api.get<Dialogue>(`/dialogues/${id}`);
    const other = { draft: { ...draft, stream: smallTalk("Without a guide.") } };
    await api.ok("PATCH", `/dialogues/${id}`, other, { "if-match": `"${draft_version}"` });
    await api.ok("POST", `/dialogues/${id}/publish`);
    await api.ok("DELETE", `/documents/${gone}`);
    await page.reload();
    // The conversation was open, and is again.
    await chat.panel.getByText("This document is no longer available.").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await photograph(page, "widget-document-gone");
    await chat.panel.getByRole("button", { name: "Continue" }).click();
    await chat.hears("Goodbye.");
  });
});

test("a whole conversation by keyboard alone, with the focus kept and given back", async () => {
  await within({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const chat = new Chat(page);
    const pointed = await withoutPointer(page);
    const { keyboard } = page;
    await page.goto(`${website.url}/light`);
    await chat.poke.waitFor();
    await tabTo(page, (now) => now.classes.includes("poke-text") || now.classes.includes("anchor"));
    expect(await focusShows(page)).toBe(true);
    await keyboard.press("Enter");
    await chat.offered();
    await tabTo(page, (now) => now.text === "Looking round");
    expect(await focusShows(page)).toBe(true);
    await keyboard.press("Enter");

    // The next card takes the focus that the answered one had.
    await chat.hears("Which of these is nearest?");
    await expect.poll(async () => (await focused(page)).text).toContain("Fewer than a hundred");
    await keyboard.press("Tab");
    await keyboard.press("Enter");

    await expect.poll(async () => (await focused(page)).id).toBe("usher-name");
    await keyboard.type("Kei");
    await keyboard.press("Tab");
    await keyboard.type("not an address");
    await keyboard.press("Enter");
    await chat.panel.getByText("Please enter a valid e-mail address").waitFor();
    expect((await focused(page)).id, "the focus is led to the fault").toBe("usher-email");
    await keyboard.press("Control+a");
    await keyboard.type("kei.keyboard@example.com");
    await keyboard.press("Tab");
    await keyboard.type("+49 40 123456");
    await keyboard.press("Tab");
    await keyboard.type("250");
    await tabTo(page, (now) => now.id === "usher-plan");
    await keyboard.press("g");
    await tabTo(page, (now) => now.id === "usher-agrees");
    await keyboard.press("Space");
    await tabTo(page, (now) => now.type === "submit");
    await keyboard.press("Enter");

    // Into the document and out again.
    await chat.panel.getByRole("button", { name: "Short guide" }).waitFor();
    await tabTo(page, (now) => now.classes === "document");
    await keyboard.press("Enter");
    const viewer = page.frameLocator("iframe[title='Short guide']");
    await viewer.getByRole("toolbar").getByText("Page 1 of 3").waitFor();
    await keyboard.press("Escape");
    await page.locator("iframe").waitFor({ state: "detached" });
    await expect.poll(async () => (await focused(page)).classes).toBe("document");
    await tabTo(page, (now) => now.text === "I have seen it");
    await keyboard.press("Enter");

    await chat.panel.getByRole("button", { name: "No more questions" }).waitFor();
    await tabTo(page, (now) => now.label === "Ask a question");
    await keyboard.type("lid colours");
    await keyboard.press("Enter");
    await chat.hears(ANSWER.says);
    await tabTo(page, (now) => now.text === "No more questions");
    await keyboard.press("Enter");
    await chat.hears("Goodbye.");
    await chat.ended();
    await keyboard.press("Escape");
    await chat.panel.waitFor({ state: "hidden" });
    expect((await focused(page)).classes, "the focus goes back to the button").toContain("anchor");
    expect(await pointed(), "no pointer was used").toBe(0);
  });
  const found = await api.ok<{ items: { first_name?: string }[] }>("POST", "/people/search", {
    q: "kei.keyboard",
    limit: 2,
  });
  expect(found.items).toHaveLength(1);
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
  await within({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }, async (page) => {
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
