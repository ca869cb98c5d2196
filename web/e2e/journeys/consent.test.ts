import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, smallTalk } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let website: Website;
let browser: Browser;
let context: BrowserContext;
let key: string;
/** What went to Usher, in order. */
let requests: string[];

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  const api = new Api(demo);
  const site = await api.site("Consent", { privacy: { consent_mode: "interaction" } });
  key = site.key;
  await api.publish(site.id, "Asks", smallTalk("May we talk?"), { include: [`${website.url}/*`] });
  const shown = pageWith(snippet(demo.url, key));
  for (const path of ["/talk", "/talk-more"]) website.pages.set(path, { html: shown });
  const strict = pageWith(snippet(demo.url, key, ' data-consent="required"'));
  website.pages.set("/strict", { html: strict });
  // No dialogue of this site is for other sites' pages: nothing is shown here.
  const quiet = await api.site("Quiet", { privacy: { consent_mode: "interaction" } });
  website.pages.set("/quiet", { html: pageWith(snippet(demo.url, quiet.key)) });
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(10_000);
  requests = [];
  context.on("request", (request) => {
    if (request.url().startsWith(demo.url))
      requests.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
});
afterEach(() => context.close());

const stored = (page: Page) =>
  page.evaluate(() => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookie: document.cookie,
  }));
const nothing = { local: [], session: [], cookie: "" };
const answered = (page: Page, path: string) =>
  page.waitForResponse((response) => new URL(response.url()).pathname === path);

test("interaction: a page that is loaded and left costs two requests and stores nothing", async () => {
  const page = await context.newPage();
  const decided = answered(page, "/api/visitor/v1/page");
  await page.goto(`${website.url}/quiet`);
  const response = await decided;
  expect(response.request().headers()).not.toHaveProperty("x-usher-visitor");
  expect(await stored(page)).toEqual(nothing);
  await page.goto("about:blank");
  expect(requests).toEqual(["GET /widget/v1.js", "POST /api/visitor/v1/page"]);
  expect(await context.cookies()).toEqual([]);
});

test("interaction: being greeted stores nothing; the first click does", async () => {
  const page = await context.newPage();
  await page.goto(`${website.url}/talk`);
  const chat = new Chat(page);
  await chat.poke.waitFor();
  expect(await stored(page)).toEqual(nothing);
  await chat.poke.click();
  await chat.offered();
  const after = await stored(page);
  expect(after.local).toContain(`usher.${key}.token`);
  expect(after.cookie).toBe("");
  expect(await context.cookies()).toEqual([]);
  await chat.answer("Yes");
  await page.goto(`${website.url}/talk-more`);
  await chat.open();
  await chat.field("Name").waitFor();
  await chat.hasSaid(["Yes"]);
});

test("interaction: a visitor who was greeted and reloads is counted once", async () => {
  const api = new Api(demo);
  const before = (await api.dialogue("Asks")).counts.triggered;
  const page = await context.newPage();
  for (let load = 0; load < 3; load++) {
    const counted = answered(page, "/api/visitor/v1/shown");
    await page.goto(`${website.url}/talk`);
    await counted;
    await new Chat(page).poke.waitFor();
  }
  // Same address and browser as the other tests of this file, so at most one more, whoever was first.
  await expect
    .poll(async () => (await api.dialogue("Asks")).counts.triggered - before)
    .toBeLessThanOrEqual(1);
});

test("required: nothing is sent or stored until consent is given", async () => {
  const page = await context.newPage();
  const ready = page.waitForRequest((r) => r.url().endsWith("/widget/v1.js"));
  await page.goto(`${website.url}/strict`);
  await ready;
  await page.waitForFunction(() => "usher" in window && typeof Reflect.get(window, "usher") === "function");
  await page.evaluate(() => history.pushState({}, "", "/strict?moved"));
  await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => setTimeout(settle, 0))));
  expect(requests).toEqual(["GET /widget/v1.js"]);
  expect(await stored(page)).toEqual(nothing);

  await page.evaluate(() => Reflect.get(window, "usher").consent(true));
  const chat = new Chat(page);
  await chat.poke.waitFor();
  expect((await stored(page)).local).toContain(`usher.${key}.token`);
});

test("Global Privacy Control counts as required", async () => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });
  });
  const page = await context.newPage();
  await page.goto(`${website.url}/talk`);
  await page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function");
  await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => setTimeout(settle, 0))));
  expect(requests).toEqual(["GET /widget/v1.js"]);
  expect(await stored(page)).toEqual(nothing);
});

test("withdrawal empties the storage at once and ends the conversation on the screen", async () => {
  const page = await context.newPage();
  await page.goto(`${website.url}/talk`);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Yes");
  await chat.field("Name").waitFor();
  expect((await stored(page)).local.length).toBeGreaterThan(0);
  const told = answered(page, "/api/visitor/v1/consent");
  await page.evaluate(() => Reflect.get(window, "usher").consent(false));
  expect((await told).status()).toBe(200);
  expect(await stored(page)).toEqual(nothing);
  await chat.panel.waitFor({ state: "detached" });

  await page.reload();
  await chat.anchor.waitFor();
  await chat.open();
  await chat.offered();
  expect(await chat.said()).toEqual([]);
});
