import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, words } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open } from "../support/console.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let office: BrowserContext;
let problems: string[];

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  api = new Api(demo);
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  office = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  office.setDefaultTimeout(10_000);
  problems = collectProblems(office);
});
afterEach(async () => {
  await office.close();
  expect(problems).toEqual([]);
});

const questions = async () =>
  (await api.get<{ items: { question: string; state: string }[] }>("/responses")).items;

test("the library goes out as a file, is changed in it, and comes back; what is refused is named by line and column", async () => {
  const before = await questions();
  const page = await consoleTab(office, demo);
  await open(page, demo, "/responses");
  const more = page.getByRole("button", { name: "More about the library" });
  await more.click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Download CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("responses.csv");
  const sheet = readFileSync(await file.path(), "utf8");
  expect(sheet.split("\r\n")[0]).toBe("\uFEFFid,question,variants,answer,topics,links,state");

  const path = join(demo.data, "responses.csv");
  const rows = [
    "id,question,variants,answer,topics,links,state",
    ',Do you deliver to Iceland?,"Iceland?\nReykjavík?",Yes. **Twice a week**.,Delivery,Lanes | https://example.com/lanes,approved',
    ",Why are you so good?,,a **b,,,approved",
    ",Who are you?,,We.,,not an address,maybe",
  ];
  writeFileSync(path, rows.join("\n"));
  await more.click();
  await page.getByRole("menuitem", { name: "Upload CSV…" }).click();
  const dialog = page.getByRole("dialog", { name: "Upload responses" });
  await dialog.getByLabel("CSV file").setInputFiles(path);
  await dialog.getByText("1 new, 2 refused.").waitFor();
  const cells = await dialog.getByRole("row").allInnerTexts();
  expect(cells.slice(1).map((row) => row.split("\t").slice(0, 2).join(" "))).toEqual([
    "4 answer",
    "5 links",
    "5 state",
  ]);
  await photograph(page, "responses-refused");
  expect(await questions()).toEqual(before);
  await dialog.getByRole("button", { name: "Import the other one" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("1 response imported; 2 rows left out").waitFor();
  await page.getByRole("button", { name: "Do you deliver to Iceland?", exact: true }).waitFor();

  // A file that is no library says why, and nothing has happened.
  writeFileSync(path, "question,reply\nWhy?,Because.\n");
  await more.click();
  await page.getByRole("menuitem", { name: "Upload CSV…" }).click();
  await dialog.getByLabel("CSV file").setInputFiles(path);
  await dialog.getByText("has a column “reply”").waitFor();
  expect(await questions()).toHaveLength(before.length + 1);
  problems.length = 0; // The browser notes the refusal by itself.
});

test("what nobody could answer is answered from the list, and the next visitor hears it", async () => {
  const site = await api.site("Asking", {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  const stream = {
    start: "ask",
    cards: [
      {
        id: "ask",
        kind: "ai_answer",
        text: words("Ask me."),
        questions: 2,
        fallback: words("I do not know."),
        next: "bye",
        not_answered: "bye",
      },
      { id: "bye", kind: "message", text: words("Goodbye."), next: null },
    ],
  };
  await api.publish(site.id, "Asking", stream, { include: [`${website.url}/ask`] });
  website.pages.set("/ask", { html: pageWith(snippet(demo.url, site.key)) });
  const ask = async (question: string, answer: string) => {
    const visitor = await browser.newContext();
    visitor.setDefaultTimeout(10_000);
    try {
      const tab = await visitor.newPage();
      await tab.goto(`${website.url}/ask`);
      const chat = new Chat(tab);
      await chat.open();
      const box = chat.panel.getByRole("textbox", { name: "Ask a question" });
      await box.fill(question);
      await box.press("Enter");
      await chat.hears(answer);
    } finally {
      await visitor.close();
    }
  };
  await ask("May penguins ride along?", "I do not know.");

  const page = await consoleTab(office, demo);
  await open(page, demo, "/responses?tab=unanswered");
  const row = page.getByRole("row").filter({ hasText: "May penguins ride along?" });
  await row.getByRole("button", { name: "Answer" }).click();
  const drawer = page.getByRole("dialog", { name: "New response" });
  expect(await drawer.getByLabel("Question").inputValue()).toBe("May penguins ride along?");
  await drawer.getByLabel("Answer").fill("They **may**, below minus two degrees.");
  await drawer.getByRole("button", { name: "Save" }).click();
  await drawer.waitFor({ state: "hidden" });
  await row.waitFor({ state: "detached" });
  await ask("may PENGUINS ride along", "below minus two degrees");
});
