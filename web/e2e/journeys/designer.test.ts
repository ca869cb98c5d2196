import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, type Dialogue } from "../support/api.ts";
import { collectProblems, launchBrowser, seriousFindings } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open } from "../support/console.ts";
import { Designer } from "../support/designer.ts";
import { LARGE, largeStream } from "../support/large-stream.ts";
import { type Server, startDemo } from "../support/server.ts";

const MARKETER = "tariq@tidewater.example";

interface Card {
  id: string;
  kind: string;
  next?: string | null;
  responses?: { label: string; next: string | null }[];
}

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
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});
beforeEach(async () => {
  office = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  office.setDefaultTimeout(10_000);
  await office.grantPermissions(["clipboard-read", "clipboard-write"]);
  problems = collectProblems(office);
  page = await consoleTab(office, demo, MARKETER);
});
afterEach(async () => {
  await office.close();
  expect(problems).toEqual([]);
});

/** A dialogue with one greeting that leads nowhere yet. */
async function blank(name: string): Promise<Dialogue> {
  const [site] = (await api.get<{ items: { id: string }[] }>("/sites")).items;
  const { id, draft, draft_version } = await api.ok<Dialogue>("POST", "/dialogues", {
    site_id: site?.id,
    name,
  });
  const [greeting] = (draft.stream as { cards: Card[] }).cards;
  const responses = greeting?.responses?.map((one) => ({ ...one, next: null }));
  const stream = { start: greeting?.id, cards: [{ ...greeting, responses }] };
  const alone = { draft: { ...draft, stream } };
  return api.ok<Dialogue>("PATCH", `/dialogues/${id}`, alone, { "if-match": `"${draft_version}"` });
}

/** Gives the dialogue a page of the demo site that no other dialogue has. */
async function targeted(id: string, path: string): Promise<string> {
  const { draft, draft_version } = await api.get<Dialogue>(`/dialogues/${id}`);
  const url = `${demo.url}/demo/${path}`;
  const targeting = {
    audience: { all: [] },
    pages: { include: [url], exclude: [] },
    events: { mode: "any", conditions: [] },
    caps: {},
  };
  await api.ok(
    "PATCH",
    `/dialogues/${id}`,
    { draft: { ...draft, targeting }, priority: 1 },
    { "if-match": `"${draft_version}"` },
  );
  return url;
}

async function cardsOf(id: string): Promise<Card[]> {
  const { draft } = await api.get<Dialogue>(`/dialogues/${id}`);
  return (draft.stream as { cards: Card[] }).cards;
}

/** Talks to what is published, as somebody who was never there. */
async function asVisitor(url: string, talk: (chat: Chat) => Promise<void>): Promise<void> {
  const street = await browser.newContext({ reducedMotion: "reduce" });
  street.setDefaultTimeout(10_000);
  try {
    const visitor = await street.newPage();
    await visitor.goto(url);
    const chat = new Chat(visitor);
    await chat.open();
    await talk(chat);
  } finally {
    await street.close();
  }
}

test("a dialogue built by hand: dragged, connected, written, published, and talked to", async () => {
  const { id } = await blank("Built by hand");
  const url = await targeted(id, "contact");
  const designer = await Designer.open(page, demo, id);
  await designer.choose("Hello! How can we help?");
  await designer.write("Asks", "Do you ship frozen goods?");
  await designer.write("Response 1", "Yes, we do");
  await designer.write("Response 2", "Not yet");

  await designer.drag("Message", { x: 560, y: 160 });
  await designer.write("Says", "Then you need sensors.");
  await designer.drag("Message", { x: 560, y: 620 });
  await designer.write("Says", "Come back when you do.");
  await designer.fit();
  await designer.connect("Do you ship frozen goods?", "Yes, we do", "Then you need sensors.");
  await designer.connect("Do you ship frozen goods?", "Not yet", "Come back when you do.");
  await designer.choose("Then you need sensors.");
  await designer.add("Form");
  await designer.write("Asks", "Where can we reach you?");
  await designer.add("Goal");
  await designer.goal("Sensors wanted");
  await designer.add("Message");
  await designer.write("Says", "Thank you!");
  await designer.expectClean();
  await designer.publish();

  await asVisitor(url, async (chat) => {
    expect(await chat.offered()).toEqual(["Yes, we do", "Not yet"]);
    await chat.answer("Yes, we do");
    await chat.hears("Then you need sensors.");
    await chat.field("E-mail").fill("frost@example.com");
    await chat.send();
    await chat.hears("Thank you!");
    await chat.ended();
  });
  await expect
    .poll(async () => (await api.dialogue("Built by hand")).counts)
    .toMatchObject({ completed: 1, goals: 1 });
});

test("the designer by keyboard alone", async () => {
  const { id } = await blank("By keyboard");
  const designer = await Designer.open(page, demo, id);
  await designer.canvas.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("textbox");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Shall we **talk**?");
  await page.keyboard.press("Escape");

  // A card by its name: its panel opens and takes what is typed.
  await page.keyboard.press("/");
  await page.getByRole("combobox", { name: "Add a card" }).waitFor();
  await page.keyboard.type("mess");
  await page.keyboard.press("Enter");
  await designer.dock.getByRole("heading", { name: "Message" }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("textbox");
  await page.keyboard.type("Good.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("goal");
  await page.keyboard.press("Enter");
  await designer.dock.getByRole("heading", { name: "Goal" }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await page.keyboard.type("Talked");
  await page.getByRole("option", { name: "Talked" }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");

  // Along the connections: the goal, the message, the question.
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => designer.canvas.getAttribute("aria-activedescendant")).toBe("card-message-1");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("c");
  await page.getByRole("combobox", { name: "Which way on" }).waitFor();
  await page.keyboard.type("second");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Where it leads" }).waitFor();
  await page.keyboard.type("goal");
  await page.keyboard.press("Enter");
  await designer.saved();
  await expect
    .poll(async () => (await cardsOf(id))[0]?.responses?.map((one) => one.next))
    .toEqual(["message-1", "goal-1"]);

  // Deleted, brought back, duplicated, moved.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Delete");
  await expect.poll(async () => (await cardsOf(id)).map((card) => card.id)).toEqual(["greeting", "goal-1"]);
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await cardsOf(id)).length).toBe(3);
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+d");
  await expect.poll(async () => (await cardsOf(id)).length).toBe(6);
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await cardsOf(id)).length).toBe(3);
  await page.keyboard.press("Control+Shift+z");
  await expect.poll(async () => (await cardsOf(id)).length).toBe(6);
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Connect to another card").waitFor();
});

test("cards travel between dialogues as text, with their connections", async () => {
  const source = await api.dialogue("Welcome");
  const { id } = await blank("A copy of parts");
  const first = await Designer.open(page, demo, source.id);
  await first.canvas.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(text)).toMatchObject({ usher: "cards" });

  const second = await Designer.open(page, demo, id);
  await second.canvas.focus();
  await page.keyboard.press("Control+v");
  const [copied, original] = [() => cardsOf(id), await cardsOf(source.id)];
  await expect.poll(async () => (await copied()).length).toBe(original.length + 1);
  const linked = (cards: Card[]) =>
    cards
      .flatMap((card) => [card.next, ...(card.responses ?? []).map((one) => one.next)])
      .filter((next) => next != null).length;
  expect(linked(await copied())).toBe(linked(original));
  // Any other text is a message.
  await page.evaluate(() => navigator.clipboard.writeText("Mind the gap."));
  await page.keyboard.press("Control+v");
  await second.card("Mind the gap.").waitFor();
});

test("a connection takes a card in, and is taken away", async () => {
  const { id } = await blank("Connections");
  const designer = await Designer.open(page, demo, id);
  await designer.choose("Hello!");
  await designer.add("Message");
  await designer.write("Says", "Goodbye.");
  await page.getByRole("button", { name: "Close the panel" }).click();
  await page.locator("[data-way]").first().hover({ force: true });
  await page.locator("[data-way-tools] g", { hasText: "Insert a card here" }).click();
  await page.getByRole("combobox", { name: "Add a card" }).waitFor();
  await page.keyboard.type("goal");
  await page.keyboard.press("Enter");
  await designer.goal("Greeted");
  await designer.saved();
  const cards = await cardsOf(id);
  expect(cards.find((card) => card.id === "goal-1")?.next).toBe("message-1");
  expect(cards[0]?.responses?.map((one) => one.next)).toContain("goal-1");
});

test("what is looked for is found by type and by words; a large canvas stays within reach", async () => {
  const made = await blank("Three hundred");
  const stream = largeStream();
  const draft = { ...made.draft, stream };
  await api.ok("PATCH", `/dialogues/${made.id}`, { draft }, { "if-match": `"${made.draft_version}"` });
  const designer = await Designer.open(page, demo, made.id);
  // Only what can be seen is there.
  expect(await page.locator(".react-flow__node").count()).toBeLessThan(40);
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find cards" }).fill("goal");
  await page.getByText(`– of ${stream.cards.filter((card) => card.kind === "goal").length}`).waitFor();
  await page.getByRole("textbox", { name: "Find cards" }).fill("card 217 says");
  await page.keyboard.press("Enter");
  await designer.card("What card 217 says").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await designer.write("Says", "The needle");
  await designer.saved();
  expect(page.url()).toContain("card=card-217");
  await page.reload();
  await designer.card("The needle").waitFor();
  await designer.fit();
  await expect.poll(() => page.locator(".react-flow__node").count()).toBe(LARGE);
});

test("the preview talks to the draft, lights the card, and what was done becomes a test that guards it", async () => {
  const { id } = await blank("Previewed");
  const designer = await Designer.open(page, demo, id);
  await designer.choose("Hello!");
  await designer.write("Response 1", "Yes");
  await designer.write("Response 2", "No");
  await designer.add("Message");
  await designer.write("Says", "Gladly.");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await designer.dock.getByRole("button", { name: "Yes", exact: true }).click();
  await designer.dock.getByText("The conversation ends here.").waitFor();
  await designer.dock.getByRole("button", { name: "Answer this again" }).click();
  await expect.poll(() => page.locator('[data-trail="current"]').getAttribute("id")).toBe("card-greeting");
  await designer.dock.getByRole("button", { name: "Yes", exact: true }).click();
  await designer.dock.getByText("The conversation ends here.").waitFor();
  await designer.dock.getByRole("button", { name: "Keep as a test" }).click();
  await designer.dock.getByRole("img", { name: "Passed" }).waitFor();
  expect((await api.dialogue("Previewed")).counts).toMatchObject({ triggered: 0, engaged: 0 });

  // A change that breaks what the test plays is told at once, and cannot be published.
  await designer.choose("Hello!");
  await designer.write("Response 1", "Of course");
  await page.getByRole("button", { name: "1 test fails" }).click();
  await designer.dock.getByRole("img", { name: "Failed" }).waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const panel = page.getByRole("dialog");
  await panel.getByText("The test “Conversation 1” fails", { exact: false }).waitFor();
  expect(await panel.getByRole("button", { name: "Publish", exact: true }).isDisabled()).toBe(true);
});

test("an older version is the draft again with one click, and undo leads back", async () => {
  const { id } = await blank("Versions");
  await targeted(id, "contact?versions=yes");
  const designer = await Designer.open(page, demo, id);
  await designer.choose("Hello!");
  await designer.add("Message");
  await designer.write("Says", "The first words.");
  await designer.connect("Hello!", "Second answer", "The first words.");
  await designer.publish();
  await designer.choose("The first words.");
  await designer.write("Says", "The second words.");
  await designer.saved();
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: /^Version 1/ }).click();
  await page.getByRole("button", { name: "Return to version 1" }).click();
  await designer.saved();
  const words = async () => JSON.stringify(await cardsOf(id));
  await expect.poll(words).toContain("The first words.");
  await page.keyboard.press("Control+z");
  await expect.poll(words).toContain("The second words.");
});

test("a flow is drawn in the same designer", async () => {
  await open(page, demo, "/flows?new=true");
  const drawer = page.getByRole("dialog", { name: "New flow" });
  await drawer.getByLabel("Name").fill("Talk to us");
  await drawer.getByRole("button", { name: "Make the flow" }).click();
  await page.getByRole("heading", { level: 1, name: "Talk to us" }).waitFor();
  const designer = new Designer(page);
  await designer.choose("Hello!");
  await designer.write("Asks", "What can we do for you?");
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByText("Pop-up", { exact: true }).click();
  await page.getByText("data-usher-flow", { exact: false }).waitFor();
  await designer.saved();
  await designer.publish();
  const flows = await api.get<{ items: { name: string; state: string; id: string }[] }>("/flows");
  const made = flows.items.find((one) => one.name === "Talk to us");
  expect(made?.state).toBe("published");
  expect(await api.get<Dialogue>(`/flows/${made?.id}`)).toMatchObject({ draft: { interface: "popup" } });
});

test.each(["light", "dark"] as const)(
  "in the %s, canvas and panels are free of serious findings",
  async (colorScheme) => {
    const [site] = (await api.get<{ items: { id: string }[] }>("/sites")).items;
    const wanted = { site_id: site?.id, name: `Looked over, ${colorScheme}`, template: "qualify" };
    const { id } = await api.ok<Dialogue>("POST", "/dialogues", wanted);
    await page.emulateMedia({ colorScheme });
    const designer = await Designer.open(page, demo, id);
    expect(await seriousFindings(page)).toEqual([]);
    for (const card of ["role", "decides", "contact", "fit", "agent", "qualified"]) {
      await open(page, demo, `/dialogues/${id}/design?pane=card&card=${card}`);
      await designer.dock.waitFor();
      expect(await seriousFindings(page), card).toEqual([]);
    }
    await page.getByRole("button", { name: "Preview", exact: true }).click();
    await designer.dock.getByRole("button", { name: "I decide on tools" }).click();
    await designer.dock.getByRole("button", { name: "More than 500" }).waitFor();
    expect(await seriousFindings(page), "preview").toEqual([]);
    await page.getByRole("button", { name: "Tests", exact: true }).click();
    await designer.dock.getByRole("button", { name: /A student/ }).click();
    expect(await seriousFindings(page), "tests").toEqual([]);
  },
);
