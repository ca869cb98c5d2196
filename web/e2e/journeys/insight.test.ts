import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api } from "../support/api.ts";
import { collectProblems, inScheme, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open, settled } from "../support/console.ts";
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
  office = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  office.setDefaultTimeout(10_000);
  problems = collectProblems(office);
});
afterEach(async () => {
  await office.close();
  expect(problems).toEqual([]);
});

/** A visitor of the demo's home page who says that he or she only looks, and goes to the prices. */
async function visit(): Promise<void> {
  const street = await browser.newContext();
  street.setDefaultTimeout(10_000);
  try {
    const page = await street.newPage();
    await page.goto(`${demo.url}/demo/`);
    const chat = new Chat(page);
    await chat.open();
    await chat.answer("Just looking");
    await chat.ended();
    await page.goto(`${demo.url}/demo/customers`);
    await page.waitForLoadState("networkidle");
  } finally {
    await street.close();
  }
}

/** Looked at by people, and by axe in light and dark. */
async function examine(page: Page, name: string): Promise<void> {
  await photograph(page, name);
  expect(await seriousFindings(page), name).toEqual([]);
  await inScheme(page, "dark");
  await photograph(page, `${name}-dark`);
  expect(await seriousFindings(page), `${name} in the dark`).toEqual([]);
  await inScheme(page, "light");
}

test("a marketer asks why a page view got what it got, from the person and from the dialogue", async () => {
  await visit();
  const { id } = await api.dialogue("Welcome");
  interface View {
    person: { id: string };
    url: string;
    verdict: string;
  }
  const latest = async () =>
    (await api.get<{ items: View[] }>(`/dialogues/${id}/page-views?limit=5`)).items.find((one) =>
      one.url.endsWith("/demo/customers"),
    );
  await expect.poll(async () => (await latest())?.verdict).toBe("completed");
  const person = (await latest())?.person.id;

  const page = await consoleTab(office, demo);
  await open(page, demo, `/people/${person}?tab=page-views`);
  const row = page.getByRole("button").filter({ hasText: "/demo/customers" });
  await row.click();
  const verdicts = page.getByRole("list", { name: "Dialogues of this page" });
  const welcome = verdicts.getByRole("listitem").filter({ hasText: "Welcome version" });
  await welcome.getByText("The visitor had completed it before.").waitFor();
  await page.getByRole("button", { name: /^Show .* of other pages/ }).click();
  await page.getByRole("list", { name: "Other dialogues" }).getByText("Pricing help").waitFor();
  await examine(page, "person-page-views");

  await open(page, demo, `/dialogues/${id}?tab=results&part=page-views`);
  await page.getByRole("radiogroup", { name: "Which page views" }).getByText("Did not").click();
  await settled(page);
  const first = page.getByRole("button").filter({ hasText: "The visitor had completed it before." }).first();
  await first.click();
  await page.getByRole("list", { name: "Dialogues of this page" }).waitFor();
  await examine(page, "dialogue-page-views");
});

test("a draft is simulated before anybody sees it", async () => {
  const { id } = await api.dialogue("Pricing help");
  const page = await consoleTab(office, demo);
  await open(page, demo, `/dialogues/${id}?tab=audience`);
  const panel = page.getByRole("region", { name: "Simulate" });
  await panel.getByRole("button", { name: "Simulate on the last 30 days" }).click();
  await panel.getByText(/^[\d,]+ of [\d,]+ visitors? \(.*would have been shown it/).waitFor();
  await panel.getByText("The page is none of its target pages").waitFor();
  await panel.getByText(/people, companies and lists are as they are today/).waitFor();
  await panel.scrollIntoViewIfNeeded();
  await examine(page, "dialogue-simulation");
  // Another targeting makes the answer one of yesterday.
  await page.getByLabel("Shown on").first().fill(`${demo.url}/demo/`);
  await panel.getByText("The targeting has changed since; simulate again.").waitFor();
  await panel.getByRole("button", { name: "Simulate on the last 30 days" }).click();
  await panel.getByText("The targeting has changed since; simulate again.").waitFor({ state: "hidden" });
});

test("results say what counts, add up, and open the conversations behind them", async () => {
  const { id } = await api.dialogue("Welcome");
  const page = await consoleTab(office, demo);
  await open(page, demo, `/dialogues/${id}?tab=results&days=90`);
  const tiles = page.getByRole("list", { name: "Figures" });
  const engaged = tiles.getByRole("listitem").filter({ hasText: "Engagement rate".toLowerCase() });
  const number = async () => Number((await engaged.locator("p").first().innerText()).replace(/\D/g, ""));
  expect(await number()).toBeGreaterThan(0);
  await engaged.getByRole("button", { name: /^What counts: .*first answer/ }).waitFor();
  await engaged.getByRole("button", { name: "Engaged", exact: true }).click();
  await page.getByRole("img", { name: /^Engaged, / }).waitFor();
  await examine(page, "dialogue-results");

  // The parts of every cut add up to the tile.
  const parts = page.getByRole("region", { name: "Parts" });
  const table = parts.getByRole("table", { name: /^Figures by/ });
  for (const cut of ["Pages", "Devices", "Countries", "Known people", "Versions"]) {
    await parts.getByRole("tab", { name: cut }).click();
    await settled(page);
    const total = table.locator("tfoot th").nth(2);
    await expect
      .poll(async () => Number((await total.innerText()).split("\n")[0]?.replace(/\D/g, "")))
      .toBe(await number());
  }
  await page.getByRole("radiogroup", { name: "How the days are shown" }).getByText("Table").click();
  await page.getByRole("table", { name: "Figures by day" }).waitFor();
  await examine(page, "dialogue-results-table");

  const download = page.waitForEvent("download");
  await parts.getByRole("button", { name: "CSV" }).click();
  expect((await download).suggestedFilename()).toBe("report-version.csv");

  // The number of answered conversations is the length of the list behind it; no guest can have answered.
  const expected = await number();
  const listed = page.waitForResponse((answer) => answer.url().includes("/api/v1/conversations?"));
  await engaged.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: "Conversations" }).waitFor();
  const asked = new URL((await listed).url());
  expect(asked.searchParams.get("figure")).toBe("engaged");
  expect(await lengthOf(asked)).toBe(expected);
  await page.getByText("Figures also count people who were erased.").waitFor();

  // So is the number of a part, and the list says which part it is.
  await page.goBack();
  await parts.getByRole("tab", { name: "Versions" }).click();
  const part = table
    .getByRole("row")
    .filter({ hasText: "Version 1" })
    .getByRole("link", { name: /^Completed/ });
  const count = Number((await part.innerText()).replace(/\D/g, ""));
  const narrowed = page.waitForResponse((answer) => answer.url().includes("/api/v1/conversations?"));
  await part.click();
  await page.getByRole("button", { name: "Remove: Version 1" }).waitFor();
  expect(await lengthOf(new URL((await narrowed).url()))).toBe(count);
  await examine(page, "conversations-behind-a-figure");
});

/** How many conversations the list has, whose first page was asked for at this address. */
async function lengthOf(asked: URL): Promise<number> {
  let length = 0;
  for (let cursor: string | null = ""; cursor !== null; ) {
    if (cursor) asked.searchParams.set("cursor", cursor);
    const path = asked.pathname.replace("/api/v1", "") + asked.search;
    const rows: { items: unknown[]; next: string | null } = await api.get(path);
    length += rows.items.length;
    cursor = rows.next;
  }
  return length;
}

test("the cards of the canvas tell how far conversations came, for a period and a version", async () => {
  const { id } = await api.dialogue("Welcome");
  const page = await consoleTab(office, demo);
  await open(page, demo, `/dialogues/${id}/design`);
  await page.getByRole("button", { name: "Numbers", exact: true }).click();
  const period = page.getByRole("radiogroup", { name: "Numbers on the cards" });
  await period.getByText("90 days").click();
  await page.getByText(/conversations were shown in this time/).waitFor();
  const start = page.getByRole("group").filter({ hasText: "Start" });
  await start.getByTitle("Conversations that came here").waitFor();
  interface Canvas {
    conversations: number;
    cards: { card_id: string; reached: number }[];
  }
  const from = new Date(Date.now() - 89 * 86_400_000).toISOString();
  const { conversations, cards } = await api.get<Canvas>(`/dialogues/${id}/canvas?from=${from}`);
  const shown = (await start.getByTitle("Conversations that came here").innerText()).replace(/\D/g, "");
  expect(Number(shown)).toBe(conversations);
  expect(Math.max(...cards.map((card) => card.reached))).toBe(conversations);
  await page.keyboard.press("Escape");
  await examine(page, "canvas-numbers");

  await page.getByRole("button", { name: "Numbers: 90 days" }).click();
  await page.getByRole("textbox", { name: "Version" }).click();
  await page.getByRole("option", { name: "Version 1" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("version")).toBe('"1"');
  await examine(page, "canvas-numbers-choice");
  await period.getByText("Off").click();
  await start.getByTitle("Conversations that came here").waitFor({ state: "detached" });
});

test("two versions stand beside each other, card by card, on screen and in the file", async () => {
  interface Card {
    id: string;
    kind: string;
    next?: string | null;
  }
  interface Draft {
    stream: { start: string; cards: Card[] };
  }
  const { id } = await api.dialogue("Welcome");
  const welcome = await api.get<{ draft_version: number; draft: Draft }>(`/dialogues/${id}`);
  const { stream } = welcome.draft;
  const first = stream.cards.find((card) => card.id === stream.start);
  const more = {
    id: "added",
    title: "A word more",
    kind: "message",
    text: { blocks: [{ type: "paragraph", spans: [{ text: "Nice to see you." }] }] },
    next: first?.next ?? null,
  };
  const cards = [...stream.cards.map((card) => (card === first ? { ...card, next: "added" } : card)), more];
  const draft = { ...welcome.draft, stream: { ...stream, cards } };
  const match = { "if-match": `"${welcome.draft_version}"` };
  await api.ok("PATCH", `/dialogues/${id}`, { draft }, match);
  await api.ok("POST", `/dialogues/${id}/publish`);

  const page = await consoleTab(office, demo);
  await open(page, demo, `/dialogues/${id}?tab=results&days=90`);
  const section = page.getByRole("region", { name: "Cards" });
  const table = section.getByRole("table", { name: "How far conversations came" });
  await table.getByRole("columnheader", { name: /^Version 2/ }).waitFor();
  await table.getByRole("columnheader", { name: /^Version 1/ }).waitFor();
  const added = table.getByRole("row").filter({ hasText: "A word more" });
  await added.getByTitle("Not a card of this version").waitFor();
  await section.scrollIntoViewIfNeeded();
  await examine(page, "dialogue-cards");

  const from = new Date(Date.now() - 89 * 86_400_000).toISOString();
  const path = `/dialogues/${id}/canvas?from=${from}&version=1`;
  const canvas = await api.get<{ conversations: number; cards: { card_id: string; left: number }[] }>(path);
  const asked = canvas.cards.find((card) => card.left > 0);
  const download = page.waitForEvent("download");
  await section.getByRole("button", { name: "CSV" }).click();
  const file = await (await download).createReadStream();
  let text = "";
  for await (const chunk of file) text += chunk;
  const line = text.split("\r\n").find((one) => one.startsWith(`1,${asked?.card_id},`));
  expect(line).toMatch(new RegExp(`,${canvas.conversations},\\d+,\\d+,${asked?.left}$`));
});

test("a flow has results of its own", async () => {
  const [site] = (await api.get<{ items: { id: string }[] }>("/sites")).items;
  const wanted = { site_id: site?.id, name: "Qualify", template: "qualify" };
  const flow = await api.ok<{ id: string }>("POST", "/flows", wanted);
  const page = await consoleTab(office, demo);
  await open(page, demo, `/flows/${flow.id}?tab=results`);
  await page.getByRole("list", { name: "Figures" }).waitFor();
  await page.getByRole("region", { name: "Parts" }).waitFor();
  await settled(page);
  await examine(page, "flow-results");
});
