import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { consoleTab, open } from "../support/console.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let browser: Browser;
let office: BrowserContext;
let problems: string[];

beforeAll(async () => {
  demo = await startDemo();
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

test("a dialogue is read as text, changed in it, and imported after its plan was seen", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/dialogues");
  await page.locator("tbody a").first().click();
  await page.getByRole("button", { name: "More about this dialogue" }).click();
  await page.getByRole("menuitem", { name: "As text" }).click();
  const shown = page.getByRole("dialog", { name: "As text" });
  const text = (await shown.getByRole("region").textContent()) ?? "";
  expect(text).toMatch(/^kind = "dialogue"\nname = "/);
  expect(text).toContain("[[cards]]");
  await shown.getByRole("button", { name: "Close" }).click();

  await open(page, demo, "/dialogues");
  await page.getByRole("button", { name: "Import text" }).click();
  const dialog = page.getByRole("dialog", { name: "Import text" });
  const field = dialog.getByLabel("Text of a dialogue, a flow or a site");
  await field.fill(text.replace("\npriority = ", "\nprority = "));
  await dialog.getByRole("button", { name: "Show the plan" }).click();
  await dialog.getByText("“prority” is not known here. Perhaps “priority”?").waitFor();
  expect(await dialog.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);

  await dialog.getByRole("button", { name: "Back" }).click();
  await field.fill(text.replace(/\npriority = \d+/, "\npriority = 77"));
  await dialog.getByRole("button", { name: "Show the plan" }).click();
  await dialog.getByText("1 changed").waitFor();
  await dialog.getByText("priority = 77").waitFor();
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  const rows = page.getByRole("row");
  await expect
    .poll(() => rows.allTextContents(), { timeout: 20_000 })
    .toContainEqual(expect.stringContaining("77"));
});
