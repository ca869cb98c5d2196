import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Desk, handover, onDuty } from "../support/agents.ts";
import { Api } from "../support/api.ts";
import { collectProblems, inScheme, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { open } from "../support/console.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Pushed, PushService } from "../support/push.ts";
import { type Server, startDemo } from "../support/server.ts";

const MAREN = "maren@tidewater.example";
const SANNE = "sanne@tidewater.example";

let browser: Browser;
let website: Website;
let service: PushService;
let demo: Server;
let opened: BrowserContext[];
let problems: string[][];

beforeAll(async () => {
  browser = await launchBrowser();
  website = await startWebsite();
  service = await PushService.start();
  demo = await startDemo({ USHER_OUTGOING_ALLOWED_PUSH_HOSTS: "127.0.0.1" });
  const api = new Api(demo);
  const site = await api.site("Calls", {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  await api.publish(site.id, "Reception", handover("How can we help?"), { include: [`${website.url}/call`] });
  website.pages.set("/call", { html: pageWith(snippet(demo.url, site.key)) });
  await onDuty(api, [MAREN]);
});
afterAll(async () => {
  await browser?.close();
  service?.stop();
  await demo?.stop();
  await website?.stop();
});
beforeEach(() => {
  opened = [];
  problems = [];
});
afterEach(async () => {
  for (const context of opened) await context.close();
  expect(problems.flat()).toEqual([]);
});

async function asks(): Promise<Chat> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  opened.push(context);
  const page = await context.newPage();
  await page.goto(`${website.url}/call`);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Talk to somebody");
  return chat;
}

/** What was pushed so far, once there are so many. */
async function pushed(number: number): Promise<Pushed[]> {
  await expect.poll(async () => (await service.pushed()).length, { timeout: 15_000 }).toBe(number);
  return service.pushed();
}

/** What the browser shows at this moment. */
const shown = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration("/console/");
    const all = (await registration?.getNotifications()) ?? [];
    return all.map(({ title, body, data }) => ({ title, body, path: data.path as string }));
  });

test("with a browser switched on an agent is called to a chat without any tab of the console", {
  timeout: 120_000,
}, async () => {
  const permissions = ["notifications"];
  const maren = await Desk.open(browser, demo, MAREN, { permissions }, (context) => service.serve(context));
  opened.push(maren.context);
  problems.push(collectProblems(maren.context));
  const { page } = maren;
  await page.getByRole("button", { name: "Maren Dahl" }).click();
  await page.getByRole("menuitem", { name: "My notifications" }).click();
  await page.getByRole("heading", { level: 1, name: "My notifications" }).waitFor();
  await page.getByText("Nothing is pushed to this browser.").waitFor();
  await page.getByRole("button", { name: "Switch on here" }).click();
  const browsers = page.getByRole("region", { name: "Browsers" });
  await browsers.getByText("This one").waitFor();
  await browsers.getByText("Chrome on Linux").waitFor();
  await browsers.getByRole("button", { name: "Send a trial" }).click();
  const [trial] = await pushed(1);
  expect(trial?.content).toMatchObject({ title: "Notifications work", path: "/console/me/notifications" });

  // Where one looks, nothing is shown over it.
  if (trial) await service.bring(page, demo.url, trial);
  expect(await shown(page)).toEqual([]);

  for (const scheme of ["light", "dark"] as const) {
    await inScheme(page, scheme);
    expect(await seriousFindings(page), scheme).toEqual([]);
    await photograph(page, `my-notifications-${scheme}`);
  }

  // No tab of the console is left, and two minutes are not waited for: the agent can be asked all the same.
  await page.goto(`${demo.url}/healthz`);
  const visitor = await asks();
  await visitor.panel.getByText("We are fetching somebody for you.").waitFor();
  const [, offer] = await pushed(2);
  expect(offer).toMatchObject({ urgency: "high", content: { title: "A visitor asks for a chat" } });
  expect(offer?.content.body).toBe("Reception · Calls");
  if (offer) await service.bring(page, demo.url, offer);
  await expect
    .poll(() => shown(page))
    .toEqual([{ title: "A visitor asks for a chat", body: "Reception · Calls", path: offer?.content.path }]);

  // It leads to where the chat is offered.
  await open(page, demo, (offer?.content.path ?? "").replace("/console", ""));
  await maren.offer.getByRole("button", { name: "Accept" }).click();
  await visitor.panel.getByText("You are talking to Maren Dahl").waitFor();
  await page.getByRole("button", { name: "End session" }).click();
  await visitor.panel.getByText("How was this chat?").waitFor();

  await open(page, demo, "/me/notifications");
  await browsers.getByRole("button", { name: "Switch off: Chrome on Linux" }).click();
  await page.getByText("Nothing is pushed to this browser.").waitFor();
});

test("the ways are chosen in a table, and a chat needs its address", async () => {
  const sanne = await Desk.open(browser, demo, SANNE);
  opened.push(sanne.context);
  const { page } = sanne;
  await open(page, demo, "/me/notifications");
  await page.getByRole("checkbox", { name: "I missed a chat: My chat" }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("must be given to be called in a chat").first().waitFor();
  await page.getByLabel("Incoming webhook").fill("https://chat.example/hook/1");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Saved" }).waitFor();
  await page.reload();
  await page.getByRole("checkbox", { name: "I missed a chat: My chat" }).waitFor();
  expect(await page.getByRole("checkbox", { name: "I missed a chat: My chat" }).isChecked()).toBe(true);
  expect(await page.getByLabel("Incoming webhook").inputValue()).toBe("https://chat.example/hook/1");
  // She does not see all chats, and is not told of them.
  expect(await page.getByText("Nobody took a chat").count()).toBe(0);
});
