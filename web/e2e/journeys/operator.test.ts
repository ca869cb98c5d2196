import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { choose, consoleTab, open } from "../support/console.ts";
import { type Server, startDemo } from "../support/server.ts";

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
  office = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  office.setDefaultTimeout(10_000);
  problems = collectProblems(office);
});
afterEach(async () => {
  await office.close();
  expect(problems).toEqual([]);
});

const entries = (page: Page) => page.getByRole("navigation").getByRole("link").allInnerTexts();

test("a user is invited, joins by the link of the mail, and sees what the profile allows", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/users");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const drawer = page.getByRole("dialog", { name: "Invite a user" });
  await drawer.getByLabel("E-mail").fill("noor@tidewater.example");
  await drawer.getByLabel("Name").fill("Noor Bakker");
  await choose(page, drawer.getByRole("textbox", { name: "Profile" }), "Live agent");
  await drawer.getByRole("button", { name: "Send the invitation" }).click();
  await page.getByText("An invitation is on its way to noor@tidewater.example").waitFor();

  await open(page, demo, "/outbox");
  const mail = page.getByRole("row").filter({ hasText: "noor@tidewater.example" }).first();
  await mail.getByRole("link").click();
  const opened = page.getByRole("dialog");
  const link = await opened.getByRole("link", { name: /\/console\/join\// }).getAttribute("href");
  expect(link).toContain(`${demo.url}/console/join/`);

  const guest = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  guest.setDefaultTimeout(10_000);
  try {
    const desk = await guest.newPage();
    await desk.goto(link ?? "");
    await desk.getByText("noor@tidewater.example").waitFor();
    await desk.locator("input[type=password]").fill("a-good-long-password");
    await desk.getByRole("button", { name: "Join" }).click();
    await desk.getByRole("navigation").first().waitFor();
    const seen = await entries(desk);
    expect(seen).toContain("Dialogues");
    for (const hidden of ["People", "Users", "Profiles", "API tokens", "Audit log", "Imports", "Sites"]) {
      expect(seen, hidden).not.toContain(hidden);
    }
    const refused = await desk.evaluate(async () =>
      Promise.all(
        ["/users", "/audit-log", "/tokens", "/imports"].map(
          async (path) => (await fetch(`/api/v1${path}`)).status,
        ),
      ),
    );
    expect(refused).toEqual([403, 403, 403, 403]);
    await desk.goto(link ?? "");
    await desk.getByText("This invitation does not work").waitFor();
  } finally {
    await guest.close();
  }

  await open(page, demo, "/audit-log");
  await page.getByText("Noor Bakker").or(page.getByText("noor@tidewater.example")).first().waitFor();
});

test("a disabled user is out within seconds", async () => {
  const page = await consoleTab(office, demo, "tariq@tidewater.example");
  const users = await api.get<{ items: { id: string; email: string }[] }>("/users?limit=100");
  const tariq = users.items.find((one) => one.email === "tariq@tidewater.example");
  await api.ok("PATCH", `/users/${tariq?.id}`, { disabled: true });
  const status = () => page.evaluate(async () => (await fetch("/api/v1/session")).status);
  await expect.poll(status, { timeout: 10_000 }).toBe(401);
  // What the browser still has to say of refused requests comes before the context is gone.
  await office.close();
  problems.splice(0, problems.length, ...problems.filter((p) => !p.includes("401")));
});

test("an API token is made, shown once, works with its permissions only, and stands in the audit log", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/tokens");
  await page.getByRole("button", { name: "New token" }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Name").fill("Nightly report");
  const permissions = drawer.getByRole("textbox", { name: "Permissions" });
  await permissions.fill("View dialogues");
  await page.getByRole("option", { name: "View dialogues" }).click();
  await page.keyboard.press("Escape");
  await drawer.getByRole("button", { name: "Make the token" }).click();
  await page.getByText("It is shown only this once").waitFor();
  const text = await page.getByRole("dialog").innerText();
  const inputs = await page
    .getByRole("dialog")
    .locator("input")
    .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value).join(" "));
  const token = /ust_[\w-]+/.exec(`${text} ${inputs}`)?.[0] ?? "";
  expect(token).not.toBe("");
  const asked = async (path: string) =>
    (await fetch(`${demo.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await asked("/dialogues"), await asked("/users")]).toEqual([200, 403]);
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await page.getByText("Nightly report").first().waitFor();
  expect(await page.content()).not.toContain(token);

  await open(page, demo, "/audit-log");
  await page.getByText("Nightly report").first().waitFor();
});

test("a CSV file is imported by screen; what is refused can be downloaded with line and reason", async () => {
  const file = join(demo.data, "fair-contacts.csv");
  const rows = [
    "Vorname;Nachname;E-Mail;Firma;Score",
    "Anna;Šimková;anna.fair@example.com;Kühlhaus Nord;12",
    '"Bengt\nOlof";Åberg;bengt.fair@example.com;;7',
    "Cem;Öztürk;not-an-address;Frost AG;1",
    "Dora;Nagy;dora.fair@example.com;Frost AG;plenty",
  ];
  writeFileSync(file, rows.join("\n"));
  const page = await consoleTab(office, demo);
  await open(page, demo, "/imports/new");
  await page.getByLabel("CSV file").setInputFiles(file);
  await page.getByRole("heading", { level: 1, name: "fair-contacts.csv" }).waitFor();
  const mapping = {
    Vorname: "First name",
    Nachname: "Last name",
    "E-Mail": "E-mail",
    Firma: "Company name",
    Score: "Score",
  };
  for (const [header, attribute] of Object.entries(mapping)) {
    const select = page.getByRole("textbox", { name: `Attribute of ${header}` });
    if ((await select.inputValue()) !== attribute) await choose(page, select, attribute);
  }
  await page.getByRole("button", { name: "Start the import" }).click();
  await page.getByText("The whole file is read.").waitFor({ timeout: 30_000 });
  const figure = async (label: string) =>
    page.locator("dl div").filter({ hasText: label }).locator("dd").innerText();
  expect([await figure("People created"), await figure("Rows refused")]).toEqual(["2", "2"]);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Refused rows" }).click();
  const refused = readFileSync(await (await download).path(), "utf8").replace(/^\uFEFF/, "");
  const lines = refused.trim().split(/\r?\n/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^5,.*E-Mail/);
  expect(lines[2]).toMatch(/^6,.*Score/);

  await open(page, demo, "/people?q=bengt.fair");
  await page.getByRole("link", { name: /Bengt/ }).first().click();
  await page.getByText("bengt.fair@example.com").first().waitFor();
  await page.getByText("Imported from fair-contacts.csv").first().waitFor();
});

test("an own profile can be made, given, and not deleted while it is used", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/profiles/new");
  await page.getByLabel("Name", { exact: true }).fill("Reader");
  await page.getByRole("checkbox", { name: /View dialogues/ }).check();
  await page.keyboard.press("Control+s");
  await expect
    .poll(async () =>
      (await api.get<{ items: { name: string }[] }>("/profiles?limit=100")).items.map((p) => p.name),
    )
    .toContain("Reader");
  const profiles = await api.get<{ items: { id: string; name: string; permissions: string[] }[] }>(
    "/profiles?limit=100",
  );
  const reader = profiles.items.find((one) => one.name === "Reader");
  expect(reader?.permissions).toEqual(["dialogues.view"]);
  await api.ok("POST", "/users/invitations", { email: "reader@tidewater.example", profile_id: reader?.id });
  const refused = await api.send<{ title: string }>("DELETE", `/profiles/${reader?.id}`);
  expect(refused.status).toBe(409);
});
