import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, words } from "../support/api.ts";
import { collectProblems, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { pdf } from "../support/pdf.ts";
import { type Server, startDemo } from "../support/server.ts";

interface Report {
  figures: { opens: number; people: number; searches: number; downloads: number };
  pages: { page: number; views: number; average_seconds: number | null }[];
  searches: { text: string; count: number }[];
}

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let context: BrowserContext;
let problems: string[];
let file: string;

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  api = new Api(demo);
  const security = { validate_origin: true, allowed_domains: ["127.0.0.1"] };
  const site = await api.site("Library", { privacy: { consent_mode: "open" }, security });
  const sent = await fetch(`${demo.url}/api/v1/documents?name=Field%20guide`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.tokens[0]?.token}`, "content-type": "application/pdf" },
    body: pdf(5, { 4: "thermometer" }) as BodyInit,
  });
  file = ((await sent.json()) as { id: string }).id;
  await api.publish(
    site.id,
    "Offer",
    {
      start: "guide",
      cards: [
        { id: "guide", kind: "document", text: words("Our field guide."), document: file, next: "bye" },
        { id: "bye", kind: "message", text: words("Goodbye."), next: null },
      ],
    },
    { include: [`${website.url}/*`] },
  );
  website.pages.set("/", { html: pageWith(snippet(demo.url, site.key)) });
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ acceptDownloads: true });
  context.setDefaultTimeout(10_000);
  problems = collectProblems(context);
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

const report = () => api.get<Report>(`/documents/${file}/report`);

test("a document is read in the conversation, and what is read is known as it happens", async () => {
  const page = await context.newPage();
  await page.goto(`${website.url}/`);
  const chat = new Chat(page);
  await chat.open();
  await chat.panel.getByRole("button", { name: "Field guide" }).click();
  const viewer = page.frameLocator("iframe[title='Field guide']");
  const toolbar = viewer.getByRole("toolbar", { name: "Field guide" });
  await toolbar.getByText("Page 1 of 5").waitFor();
  await viewer.getByText("Page 1", { exact: false }).last().waitFor();
  await photograph(page, "document");
  expect(await seriousFindings(page)).toEqual([]);

  await page.getByRole("button", { name: "Full screen" }).click();
  await photograph(page, "document-wide");
  await toolbar.getByRole("button", { name: "Next page" }).click();
  await toolbar.getByText("Page 2 of 5").waitFor();

  await viewer.getByRole("searchbox").fill("thermometer");
  await viewer.getByRole("status").getByText("1 of 1").waitFor();
  await toolbar.getByText("Page 4 of 5").waitFor();
  await expect
    .poll(async () => (await report()).searches, { timeout: 10_000 })
    .toEqual([{ text: "thermometer", count: 1 }]);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    toolbar.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.pdf$/);
  await expect.poll(async () => (await report()).figures.downloads, { timeout: 10_000 }).toBe(1);

  await viewer.getByRole("searchbox").focus();
  await page.keyboard.press("Escape");
  await page.locator("iframe").waitFor({ state: "detached" });
  expect(
    await chat.panel
      .getByRole("button", { name: "Field guide" })
      .evaluate((b) => b === (b.getRootNode() as ShadowRoot).activeElement),
    "the focus comes back to the card",
  ).toBe(true);
  await expect
    .poll(async () => (await report()).pages.filter((one) => one.views > 0).map((one) => one.page), {
      timeout: 10_000,
    })
    .toEqual(expect.arrayContaining([4]));
  const { figures, pages } = await report();
  expect(figures).toMatchObject({ opens: 1, people: 1, searches: 1 });
  expect(pages.find((one) => one.page === 4)?.average_seconds).toBeGreaterThan(0);

  await chat.panel.getByRole("button", { name: "Continue" }).click();
  await chat.hears("Goodbye.");
});

test("a page whose policy forbids frames offers the document in a tab of its own", async () => {
  website.pages.set("/no-frames", {
    html: website.pages.get("/")?.html ?? "",
    headers: { "content-security-policy": "frame-src 'none'" },
  });
  const page = await context.newPage();
  await page.goto(`${website.url}/no-frames`);
  const chat = new Chat(page);
  await chat.open();
  await chat.panel.getByRole("button", { name: "Field guide" }).click();
  const link = chat.panel.getByRole("alert").getByRole("link", { name: "Field guide" });
  const [tab] = await Promise.all([context.waitForEvent("page"), link.click({ timeout: 15_000 })]);
  await tab.getByText("Page 1 of 5").waitFor();
  problems.length = 0; // The browser notes the forbidden frame by itself.
});
