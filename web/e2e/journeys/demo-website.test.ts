import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { collectProblems, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let api: Api;
let browser: Browser;
let context: BrowserContext;
let problems: string[];

beforeAll(async () => {
  demo = await startDemo();
  api = new Api(demo);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(10_000);
  problems = collectProblems(context);
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

const visit = async (path: string): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(`${demo.url}/demo/${path}`);
  return page;
};

test("the help page answers inside of it with what was approved, and with its source", async () => {
  const page = await visit("help");
  const region = page.getByRole("region", { name: /: chat$/ });
  await region.getByText("Ask me about prices").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const box = region.getByRole("textbox", { name: "Ask a question" });
  await box.fill("What does a pallet cost?");
  await box.press("Enter");
  await region.getByText("€ 9 a pallet").waitFor();
  expect(await region.getByRole("link", { name: "Prices" }).getAttribute("href")).toBe(
    `${demo.url}/demo/pricing`,
  );
  await photograph(page, "demo-help");
  await box.fill("Do you deliver to the moon?");
  await box.press("Enter");
  await region.getByText("I have noted it").waitFor();
  const asked = await api.get<{ items: { question: string; times: number }[] }>("/unanswered-questions");
  expect(asked.items[0]?.question).toBe("Do you deliver to the moon?");
  // Visitors of the last weeks asked in vain, too.
  expect(asked.items.some((one) => one.times > 1)).toBe(true);
});

test("the quote page hands its form over by what was filled in, and goes its way afterwards", async () => {
  const page = await visit("quote");
  const chat = new Chat(page);
  const fill = async (pallets: string) => {
    await page.getByLabel("First name").fill("Linnea");
    await page.getByLabel("Work e-mail").fill("linnea.quote@acme.example");
    await page.getByLabel("Pallets a month").fill(pallets);
    await page.getByRole("button", { name: "Get a quote" }).click();
  };
  await page.waitForFunction(() => Object.isFrozen(Reflect.get(window, "usher")));
  await page.getByRole("link", { name: "Or find your plan first" }).click();
  await chat.answer("Medicines");
  await chat.hears("Network is your plan");
  await page.keyboard.press("Escape");
  await chat.panel.waitFor({ state: "hidden" });
  expect(await seriousFindings(page)).toEqual([]);

  await fill("5000");
  await chat.hears("Thank you, Linnea. With so many pallets an engineer plans it with you.");
  await photograph(page, "demo-quote");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Your quote is on its way." }).waitFor();

  await page.goto(`${demo.url}/demo/quote`);
  await page.waitForFunction(() => Object.isFrozen(Reflect.get(window, "usher")));
  await fill("40");
  await chat.hears("Shall we send you ten sensors to try?");
  await chat.answer("No, only the quote");
  await page.getByRole("heading", { name: "Your quote is on its way." }).waitFor();
});

test("the field guide is read in the conversation", async () => {
  const page = await visit("resources");
  const chat = new Chat(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight * 0.6));
  await chat.poke.waitFor();
  await chat.open();
  await chat.answer("Yes, please");
  await chat.panel.getByRole("button", { name: "A field guide to the cold chain" }).click();
  const viewer = page.frameLocator("iframe[title='A field guide to the cold chain']");
  const toolbar = viewer.getByRole("toolbar");
  await toolbar.getByText("Page 1 of 4").waitFor();
  await photograph(page, "demo-guide");
  await page.keyboard.press("Escape");
  await chat.panel.getByRole("button", { name: "I have seen enough" }).click();
  await chat.field("E-mail").waitFor();
  const [guide] = (await api.get<{ items: { figures: { opens: number; people: number } }[] }>("/documents"))
    .items;
  expect(guide?.figures.opens).toBeGreaterThan(3);
});
