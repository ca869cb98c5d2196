import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, type Counts } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab } from "../support/console.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let api: Api;
let browser: Browser;
let visitor: BrowserContext;
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
  visitor = await browser.newContext();
  visitor.setDefaultTimeout(10_000);
  problems = collectProblems(visitor);
});
afterEach(async () => {
  await visitor.close();
  expect(problems).toEqual([]);
});

const page = (path: string) => `${demo.url}/demo/${path}`;
const counts = async () => (await api.dialogue("Welcome")).counts;
const more = (before: Counts, by: Partial<Counts>): Counts => {
  const after = { ...before };
  for (const [name, n] of Object.entries(by)) after[name as keyof Counts] += n;
  return after;
};

test("a visitor is greeted, answers, goes on after reloads and on other pages, and the owner sees it all", async () => {
  const before = await counts();
  const email = "ines.moreau@atelier-givre.example";
  const tab = await visitor.newPage();
  await tab.goto(page(""));
  const chat = new Chat(tab);
  await chat.poke.waitFor();
  expect(await chat.poke.innerText()).toContain("I can show you around");
  await chat.poke.click();
  await chat.hears("What brings you here?");
  expect(await chat.offered()).toEqual(["I want to see how it works", "What does it cost?", "Just looking"]);

  await tab.reload();
  await new Chat(tab).open();
  expect(await chat.offered()).toHaveLength(3);
  await chat.answer("I want to see how it works");
  await chat.field("First name").waitFor();

  await tab.reload();
  await chat.open();
  await chat.hears("What brings you here?");
  await chat.field("First name").waitFor();
  await chat.hasSaid(["I want to see how it works"]);

  await tab.goto(page("pricing"));
  await chat.open();
  await chat.field("First name").fill("Inès");
  await chat.field("Last name").fill("Moreau");
  await chat.field("Work e-mail").fill("nowhere");
  await chat.send();
  await chat.panel.getByText("Please enter a valid e-mail address").waitFor();
  await chat.field("Work e-mail").fill(email);
  await chat.send();
  await chat.hears("Thank you, Inès! It is on its way.");
  await chat.ended();
  await tab.reload();

  const expected = more(before, { triggered: 1, engaged: 1, completed: 1, acquired: 1, goals: 1 });
  await expect.poll(counts).toEqual(expected);

  const office = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const screen = await consoleTab(office, demo);
    await screen.goto(`${demo.url}/console/people`);
    await screen.getByLabel("Search people").fill("ines.moreau");
    await screen.waitForURL(/q=ines\.moreau/);
    await screen.getByRole("link", { name: /Inès/ }).click();
    await screen.getByRole("heading", { level: 1, name: "Inès" }).waitFor();
    const happened = screen.getByRole("region", { name: "What happened" });
    for (const sentence of [
      "Was shown Welcome on /demo/",
      "Engaged with Welcome on /demo/",
      "Reached the goal Contact given in Welcome on /demo/pricing",
      "Gave an e-mail address in Welcome on /demo/pricing",
      "Completed Welcome on /demo/pricing",
    ]) {
      await happened.getByText(sentence).first().waitFor();
      expect(await happened.getByText(sentence).count(), sentence).toBe(1);
    }
    await happened.getByRole("tab", { name: "Conversations" }).click();
    await happened.getByRole("button", { name: /Welcome/ }).click();
    const transcript = happened.getByRole("list", { name: "Transcript" });
    for (const words of ["What brings you here?", "I want to see how it works", email, "Thank you, Inès!"]) {
      await transcript.getByText(words).first().waitFor();
    }
  } finally {
    await office.close();
  }
});

test("two tabs show one conversation, in step, and count it once", async () => {
  const before = await counts();
  const first = await visitor.newPage();
  await first.goto(page(""));
  const left = new Chat(first);
  await left.open();
  expect(await left.offered()).toHaveLength(3);
  const second = await visitor.newPage();
  await second.goto(page("product"));
  const right = new Chat(second);
  await right.open();
  expect(await right.offered()).toHaveLength(3);

  await left.answer("What does it cost?");
  await left.field("Work e-mail").waitFor();
  await right.field("Work e-mail").waitFor();
  await right.hasSaid(["What does it cost?"]);

  await right.field("First name").fill("Jon");
  await right.field("Last name").fill("Moreau");
  await right.field("Work e-mail").fill("jon.two-tabs@example.com");
  await right.send();
  await right.ended();
  await left.ended();
  expect(await left.said()).toEqual(await right.said());
  await expect
    .poll(counts)
    .toEqual(more(before, { triggered: 1, engaged: 1, completed: 1, acquired: 1, goals: 1 }));
});

test("an answer can be changed, and the conversation started again", async () => {
  const before = await counts();
  const tab = await visitor.newPage();
  await tab.goto(page("customers"));
  const chat = new Chat(tab);
  await chat.open();
  await chat.answer("I want to see how it works");
  await chat.hears("A sensor on the pallet");
  await chat.panel.getByRole("button", { name: "Change: I want to see how it works" }).click();
  expect(await chat.offered()).toHaveLength(3);
  await chat.answer("What does it cost?");
  await chat.hears("From € 6.50 a pallet");
  await chat.field("First name").waitFor();
  await chat.hasSaid(["What does it cost?"]);

  await chat.panel.getByRole("button", { name: "Start again" }).first().click();
  await chat.answer("Just looking");
  await chat.hears("I am here if you need me");
  await chat.ended();
  await expect.poll(counts).toEqual(more(before, { triggered: 1, engaged: 1, completed: 1 }));
});

test("a closed conversation stays closed on the next page, and opens where it stood", async () => {
  const tab = await visitor.newPage();
  await tab.goto(page(""));
  const chat = new Chat(tab);
  await chat.open();
  await chat.answer("I want to see how it works");
  await chat.field("First name").waitFor();
  await chat.close();

  await tab.goto(page("product"));
  await chat.anchor.waitFor();
  expect(await chat.anchor.getAttribute("aria-expanded")).toBe("false");
  expect(await chat.panel.count()).toBe(0);
  expect(await chat.poke.count()).toBe(0);
  await chat.open();
  await chat.field("First name").waitFor();
  await chat.hasSaid(["I want to see how it works"]);
});

test("an answer given while the server is away is sent once when it is back", async () => {
  const tab = await visitor.newPage();
  await tab.goto(page(""));
  const chat = new Chat(tab);
  await chat.open();
  await chat.offered();
  await visitor.setOffline(true);
  await chat.answer("What does it cost?");
  await chat.panel.getByText("You are offline").waitFor();
  await visitor.setOffline(false);
  await chat.field("Work e-mail").waitFor();
  await chat.hasSaid(["What does it cost?"]);
  // What the browser itself says about being offline is no fault of the page.
  problems.splice(0, problems.length, ...problems.filter((p) => !p.includes("ERR_INTERNET_DISCONNECTED")));
});

test("the conversation survives the death of the server in its middle", async () => {
  const tab = await visitor.newPage();
  await tab.goto(page("product"));
  const chat = new Chat(tab);
  await chat.open();
  await chat.answer("I want to see how it works");
  await chat.field("First name").waitFor();
  await demo.killAndRestart();
  await chat.field("First name").fill("Kim");
  await chat.field("Last name").fill("Moreau");
  await chat.field("Work e-mail").fill("kim.survivor@example.com");
  await chat.send();
  await chat.hears("Thank you, Kim!");
  await chat.ended();
  expect(await chat.said()).toHaveLength(2);
  problems.splice(0, problems.length, ...problems.filter((p) => !p.includes("ERR_CONNECTION_REFUSED")));
});
