import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, type Dialogue } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab } from "../support/console.ts";
import { Designer } from "../support/designer.ts";
import { build, walk } from "../support/hand-built.ts";
import { EXAMPLE, GUIDE, TEMPLATES } from "../support/hand-built-streams.ts";
import { pdf } from "../support/pdf.ts";
import { type Server, startDemo } from "../support/server.ts";

const MARKETER = "tariq@tidewater.example";

let demo: Server;
let api: Api;
let browser: Browser;
let office: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  demo = await startDemo();
  api = new Api(demo);
  browser = await launchBrowser();
  const sent = await fetch(`${demo.url}/api/v1/documents?name=${encodeURIComponent(GUIDE)}`, {
    method: "POST",
    headers: { authorization: `Bearer ${demo.tokens[0]?.token}`, "content-type": "application/pdf" },
    body: pdf(2) as BodyInit,
  });
  expect(sent.status).toBe(201);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(async () => {
  office = await browser.newContext({ viewport: { width: 1600, height: 1000 }, reducedMotion: "reduce" });
  office.setDefaultTimeout(10_000);
  problems = collectProblems(office);
  page = await consoleTab(office, demo, MARKETER);
});
afterEach(async () => {
  await office.close();
  expect(problems).toEqual([]);
});

test.each([EXAMPLE, ...TEMPLATES])(
  "$name: built by hand, published, talked to",
  { timeout: 180_000 },
  async (made) => {
    const [site] = (await api.get<{ items: { id: string }[] }>("/sites")).items;
    const { id } = await api.ok<Dialogue>("POST", "/dialogues", { site_id: site?.id, name: made.name });
    const designer = await Designer.open(page, demo, id);
    await build(designer, made);
    await designer.saved();

    // A page of its own, so that no other dialogue comes first.
    const url = `${demo.url}/demo/contact?case=${id}`;
    await page.getByRole("tab", { name: "Audience & pages" }).click();
    await page.getByLabel("Shown on").fill(url);
    await page.getByLabel("Priority").fill("1");
    await designer.saved();
    await designer.publish();

    for (const steps of made.walks) {
      const street = await browser.newContext({ reducedMotion: "reduce" });
      street.setDefaultTimeout(10_000);
      const visitor = await street.newPage();
      await visitor.goto(url);
      const chat = new Chat(visitor);
      await chat.open();
      await walk(chat, steps);
      await street.close();
    }
    await expect
      .poll(async () => (await api.dialogue(made.name)).counts)
      .toMatchObject({ completed: made.walks.length });
    await api.ok("POST", `/dialogues/${id}/unpublish`);
  },
);
