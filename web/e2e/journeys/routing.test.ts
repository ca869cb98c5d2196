import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { collectProblems, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { choose, consoleTab, open, settled } from "../support/console.ts";
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

test("an owner sets hours, makes a team, a rule and an account, and asks who would get a visitor", async () => {
  const page = await consoleTab(office, demo);
  const me = demo.sign_ins.find((one) => one.owner)?.email ?? "";

  await open(page, demo, "/me/availability");
  const chat = page.getByRole("region", { name: "Live chat" });
  await chat.getByRole("button", { name: "Monday to Friday, 9 to 17" }).click();
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]) {
    await chat.getByLabel(day).fill("0-24");
  }
  await chat.getByLabel("Monday").fill("nine");
  await chat.getByLabel("Tuesday").focus();
  await chat.getByText("Write hours such as 9–12, 13–17").waitFor();
  await chat.getByLabel("Monday").fill("0-24");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Your hours are saved").waitFor();
  const available = page.getByRole("switch", { name: "Available", exact: true });
  await available.waitFor();
  await available.click({ force: true });
  const away = page.getByRole("switch", { name: "Unavailable" });
  await away.waitFor();

  await open(page, demo, "/routing");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText("Nobody: the fallback message").waitFor();
  await page.getByText("is passed over: switched to unavailable.").waitFor();
  await away.click({ force: true });
  await available.waitFor();
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText(/turn\.$/).waitFor();

  await open(page, demo, "/teams?new=true");
  const team = page.getByRole("dialog", { name: "New team" });
  await team.getByLabel("Name").fill("Key accounts");
  await team.getByRole("textbox", { name: "Members" }).click();
  await page.getByRole("option").first().click();
  await page.keyboard.press("Tab");
  await team.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Key accounts", exact: true }).waitFor();

  await open(page, demo, "/rules");
  await page.getByRole("button", { name: "New rule" }).first().click();
  const rule = page.getByRole("dialog", { name: "New rule" });
  await rule.getByLabel("Name").fill("Everybody else");
  await rule.getByRole("textbox", { name: "Teams" }).click();
  await page.getByRole("option", { name: "Key accounts" }).click();
  await page.keyboard.press("Tab");
  await rule.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Everybody else", exact: true }).waitFor();

  await open(page, demo, "/accounts");
  await page.getByRole("button", { name: "Upload" }).first().click();
  const upload = page.getByRole("dialog", { name: "Upload accounts" });
  const file = `name,domains,owner\nNorthwind,northwind.example,${me}\nMail,gmail.com,${me}\n`;
  await upload.locator("input[type=file]").setInputFiles({
    name: "accounts.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(file),
  });
  await upload.getByText("1 made, 0 changed, 1 refused.").waitFor();
  await upload.getByText(/belongs to a mail provider/).waitFor();
  await upload.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Northwind", exact: true }).waitFor();

  await open(page, demo, "/routing");
  await choose(page, page.getByRole("textbox", { name: "The card asks for" }), "Custom rules");
  await page.getByLabel("E-mail address or domain").fill("eve@northwind.example");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText(/northwind\.example \(e-mail address\) is the account Northwind/).waitFor();
  await page.getByLabel("E-mail address or domain").fill("");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText("The rule Everybody else fits.").waitFor();

  await open(page, demo, "/fallbacks");
  await page.getByRole("button", { name: "When nobody takes a chat: own words" }).click();
  await page.getByRole("textbox", { name: "When nobody takes a chat" }).fill("We are at lunch.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The fallbacks are saved").waitFor();
});

test("an agent says how meetings are booked, and sees the times that visitors would be offered", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/me/availability");
  const meetings = page.getByRole("region", { name: "Meetings" });
  const have = meetings.getByRole("button", { name: "Monday to Friday, 9 to 17" });
  if (await have.isVisible()) await have.click();
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]) {
    await meetings.getByLabel(day).fill("0-24");
  }
  const rules = page.getByRole("region", { name: "How meetings are booked" });
  await rules.getByRole("textbox", { name: "Lengths" }).fill("15");
  await page.keyboard.press("Enter");
  await rules.getByLabel("Start every").fill("60");
  await rules.getByLabel("Free after").fill("2000");
  await page.keyboard.press("Tab");
  const times = rules.getByRole("region", { name: "Free times" });
  await times.getByText("19 more").first().waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Your hours are saved").waitFor();

  await open(page, demo, "/me/availability");
  expect(await rules.getByLabel("Start every").inputValue()).toBe("60");
  expect(await rules.getByLabel("Free after").inputValue()).toBe("1440");
  await rules.getByRole("textbox", { name: "Length shown" }).waitFor();
  await times.getByText("19 more").first().waitFor();
});

test("the screens of routing are free of serious findings, light and dark", {
  timeout: 180_000,
}, async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(10_000);
    try {
      const page = await consoleTab(context, demo);
      for (const path of [
        "/agents",
        "/teams",
        "/rules",
        "/accounts",
        "/fallbacks",
        "/routing",
        "/me/availability",
      ]) {
        await open(page, demo, path);
        await settled(page);
        expect(await seriousFindings(page), `${path} ${colorScheme}`).toEqual([]);
        await photograph(page, `routing${path.replaceAll("/", "-")}-${colorScheme}`);
      }
    } finally {
      await context.close();
    }
  }
});
