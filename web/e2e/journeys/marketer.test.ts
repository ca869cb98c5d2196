import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open } from "../support/console.ts";
import { Designer } from "../support/designer.ts";
import { type Server, startDemo } from "../support/server.ts";

const MARKETER = "tariq@tidewater.example";

let demo: Server;
let api: Api;
let browser: Browser;
let office: BrowserContext;
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
  office = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  office.setDefaultTimeout(10_000);
  problems = collectProblems(office);
});
afterEach(async () => {
  await office.close();
  expect(problems).toEqual([]);
});

test("a marketer makes a dialogue from a template, changes it, publishes it, and sees it counted", async () => {
  const page = await consoleTab(office, demo, MARKETER);
  await open(page, demo, "/dialogues");
  await page.getByRole("button", { name: "New dialogue" }).first().click();
  const drawer = page.getByRole("dialog", { name: "New dialogue" });
  await drawer.getByLabel("Name").fill("Spring offer");
  await drawer.getByRole("radio", { name: /Book a demo/ }).click();
  await drawer.getByRole("button", { name: "Make the dialogue" }).click();
  await page.getByRole("heading", { level: 1, name: "Spring offer" }).waitFor();

  const designer = new Designer(page);
  await designer.choose("Would you like to see it in action?");
  await designer.write("Says", "Is your cold chain safe in spring?");
  await designer.choose("Enjoy! We are here if you need us.");
  await designer.write("Says", "We ship by road and by sea.");
  await designer.saved();

  await page.getByRole("tab", { name: "Audience & pages" }).click();
  await page.getByLabel("Shown on").fill(`${demo.url}/demo/contact`);
  await page.getByLabel("Try an address").fill(`${demo.url}/demo/contact?from=mail`);
  await page.getByText("Shown there").waitFor();
  await page.getByLabel("Try an address").fill(`${demo.url}/demo/`);
  await page.getByText("Not shown there").waitFor();
  await designer.saved();
  await designer.publish();

  const street = await browser.newContext();
  street.setDefaultTimeout(10_000);
  try {
    const visitor = await street.newPage();
    await visitor.goto(`${demo.url}/demo/contact`);
    const chat = new Chat(visitor);
    await chat.poke.getByText("Is your cold chain safe in spring?").waitFor();
    await chat.open();
    expect(await chat.offered()).toEqual(["A personal demo", "Prices", "Just looking around"]);
    await chat.answer("Just looking around");
    await chat.hears("We ship by road and by sea.");
  } finally {
    await street.close();
  }
  await expect
    .poll(async () => (await api.dialogue("Spring offer")).counts)
    .toMatchObject({ triggered: 1, engaged: 1 });
  await open(page, demo, "/dialogues?q=Spring");
  const row = page.getByRole("row").filter({ hasText: "Spring offer" });
  await row.waitFor();
  expect(await row.innerText()).toMatch(/Published/);
  expect((await row.innerText()).match(/\b1\b/g)?.length).toBeGreaterThanOrEqual(2);
});

test("of two authors of one draft the second is told, and nothing is lost", async () => {
  const { id } = await api.dialogue("Trade fair in March");
  const first = await consoleTab(office, demo, MARKETER);
  const mine = await Designer.open(first, demo, id);
  const other = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  other.setDefaultTimeout(10_000);
  try {
    const second = await consoleTab(other, demo);
    const theirs = await Designer.open(second, demo, id);
    await mine.choose(/Start/);
    await theirs.choose(/Start/);
    await mine.write("Asks", "Written by the first.");
    await expect
      .poll(async () => JSON.stringify(await api.get<object>(`/dialogues/${id}`)))
      .toContain("by the first");
    await theirs.write("Asks", "Written by the second.");
    await second.getByText("Somebody else saved this dialogue while you were editing it").waitFor();
    expect(JSON.stringify(await api.get<object>(`/dialogues/${id}`))).not.toContain("by the second");
    await second.getByRole("button", { name: "Keep mine" }).click();
    await expect
      .poll(async () => JSON.stringify(await api.get<object>(`/dialogues/${id}`)))
      .toContain("by the second");
  } finally {
    await other.close();
  }
});

test("what cannot be published is named where it is, and a visitor never sees it", async () => {
  const page = await consoleTab(office, demo, MARKETER);
  await open(page, demo, "/dialogues?new=true");
  const drawer = page.getByRole("dialog", { name: "New dialogue" });
  await drawer.getByLabel("Name").fill("Unfinished");
  await drawer.getByRole("button", { name: "Make the dialogue" }).click();
  await page.getByRole("heading", { level: 1, name: "Unfinished" }).waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const panel = page.getByRole("dialog");
  await panel.getByText("This must be mended first").waitFor();
  expect(await panel.getByRole("button", { name: "Publish", exact: true }).isDisabled()).toBe(true);
  await panel
    .getByText("No target page", { exact: false })
    .or(panel.getByText("ends here without a word", { exact: false }))
    .first()
    .waitFor();
  const { id } = await api.dialogue("Unfinished");
  expect((await api.send("POST", `/dialogues/${id}/publish`)).status).toBe(422);
});
