import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Desk, handover, onDuty } from "../support/agents.ts";
import { Api, words } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { open } from "../support/console.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Server, startDemo } from "../support/server.ts";

const MAREN = "maren@tidewater.example";
const SANNE = "sanne@tidewater.example";

let browser: Browser;
let website: Website;
let demo: Server;
let api: Api;
let opened: BrowserContext[];
let problems: string[][];

/** Asks for an address before it hands over. */
const withAddress = () => {
  const stream = handover("How can we help?");
  const mail = {
    id: "mail",
    kind: "info_capture",
    text: words("Where do we reach you?"),
    skip_if_known: false,
    required: true,
    fields: [{ id: "email", type: "email", label: "E-mail", attribute: "person.email", overwrite: "always" }],
    next: "live",
  };
  const cards = stream.cards.map((card) =>
    card.id === "ask" && "responses" in card
      ? {
          ...card,
          responses: card.responses?.map((one) => ({ ...one, next: one.id === "human" ? "mail" : one.next })),
        }
      : card,
  );
  return { ...stream, cards: [...cards, mail] };
};

beforeAll(async () => {
  browser = await launchBrowser();
  website = await startWebsite();
  demo = await startDemo();
  api = new Api(demo);
  const site = await api.site("Together", {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  const streams = { "/plain": handover("How can we help?"), "/mail": withAddress() };
  for (const [path, stream] of Object.entries(streams)) {
    await api.publish(site.id, `Reception ${path}`, stream, { include: [website.url + path] });
    website.pages.set(path, { html: pageWith(snippet(demo.url, site.key)) });
  }
  await onDuty(api, [MAREN, SANNE]);
});
afterAll(async () => {
  await browser?.close();
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

function watched(context: BrowserContext): void {
  opened.push(context);
  problems.push(collectProblems(context));
}

async function agent(email: string): Promise<Desk> {
  const desk = await Desk.open(browser, demo, email);
  watched(desk.context);
  return desk;
}

async function visitor(path: string): Promise<Chat> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  watched(context);
  const page = await context.newPage();
  await page.goto(website.url + path);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Talk to somebody");
  return chat;
}

test("the transcript comes by mail, to the address that was given", async () => {
  const maren = await agent(MAREN);
  const ida = await visitor("/mail");
  await ida.field("E-mail").fill("ida@kitchen.example");
  await ida.send();
  await maren.offer.getByText("ida@kitchen.example").first().waitFor();
  await maren.offer.getByRole("button", { name: "Accept" }).click();
  await maren.says("Good morning, Ida");
  await ida.hears("Good morning, Ida");
  const note = maren.page.getByRole("textbox", { name: "Note for colleagues" });
  await maren.field.press("Escape");
  await maren.page.keyboard.press("n");
  await note.fill("Not for Ida");
  await note.press("Enter");
  await maren.hears("Not for Ida");
  await maren.page.getByRole("button", { name: "End session" }).click();
  await ida.panel.getByRole("button", { name: "Get the transcript by e-mail" }).click();
  const form = ida.panel.getByRole("form", { name: "Get the transcript by e-mail" });
  await form.getByRole("textbox").fill("ida@kitchen.example");
  await form.getByRole("button", { name: "Send" }).click();
  await ida.panel.getByText("The transcript is on its way to ida@kitchen.example.").waitFor();

  const { items } = await api.get<{ items: { id: string; to: string; subject: string }[] }>(
    "/outbox?limit=5",
  );
  const mail = items.find((one) => one.to === "ida@kitchen.example");
  expect(mail?.subject).toBe("Your conversation with Together");
  const { text } = await api.get<{ text: string }>(`/outbox/${mail?.id}`);
  expect(text).toContain("Maren Dahl: Good morning, Ida");
  expect(text).not.toContain("Not for Ida");
});

test("a colleague is invited, comes, helps, takes words back and goes", async () => {
  const maren = await agent(MAREN);
  const ole = await visitor("/plain");
  await maren.offer.getByRole("button", { name: "Accept" }).click();
  await maren.says("I ask a colleague");
  const sanne = await Desk.open(browser, demo, SANNE);
  // Once she has left, the chat is not hers to see: that it is answered so is no problem.
  opened.push(sanne.context);
  await maren.page.locator("main").focus();
  await maren.page.keyboard.press("i");
  const dialog = maren.page.getByRole("dialog", { name: "Invite a colleague" });
  await dialog.getByRole("textbox", { name: "Agent" }).fill("Sanne");
  await maren.page.getByRole("option", { name: "Sanne de Vries" }).click();
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await sanne.offer.getByText("Maren Dahl asks you to join").waitFor();
  await sanne.offer.getByRole("button", { name: "Join" }).click();
  await sanne.hears("I ask a colleague");
  await ole.hears("Sanne de Vries joined the chat.");
  await maren.hears("Sanne de Vries joined the chat.");

  await sanne.says("It costs a hundert");
  await ole.hears("It costs a hundert");
  await maren.hears("It costs a hundert");
  const line = sanne.messages.getByRole("listitem").filter({ hasText: "It costs a hundert" });
  await line.hover();
  await line.getByRole("button", { name: "Change this message" }).click();
  await sanne.page.getByRole("menuitem", { name: "Delete" }).click();
  await ole.panel.getByText("It costs a hundert").waitFor({ state: "detached" });
  await maren.messages.getByText("It costs a hundert").waitFor({ state: "detached" });
  await photograph(maren.page, "live-chat-colleagues");

  await sanne.does("Leave");
  await ole.hears("Sanne de Vries left the chat.");
  await maren.says("She is gone again");
  await ole.hears("She is gone again");
  await maren.page.getByRole("button", { name: "End session" }).click();
  await ole.panel.getByText("How was this chat?").waitFor();

  // What was held is in the report, for whom it concerns.
  await open(maren.page, demo, "/reports/live-chat");
  const figures = maren.page.getByRole("list", { name: "Figures" });
  await figures.getByText("First answer").waitFor();
  await maren.page.getByRole("row", { name: /^Maren Dahl/ }).waitFor();
  await photograph(maren.page, "live-chat-report");
  await maren.page.getByText("Days", { exact: true }).click();
  await maren.page.getByRole("table", { name: "Figures by day" }).waitFor();
});
