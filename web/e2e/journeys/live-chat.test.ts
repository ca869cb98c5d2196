import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Desk, handover, onDuty } from "../support/agents.ts";
import { Api } from "../support/api.ts";
import { collectProblems, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { open } from "../support/console.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { isPainted, png } from "../support/pictures.ts";
import { type Server, startDemo } from "../support/server.ts";

const MAREN = "maren@tidewater.example";
const SANNE = "sanne@tidewater.example";

let browser: Browser;
let website: Website;
let opened: BrowserContext[];
let problems: string[][];

beforeAll(async () => {
  browser = await launchBrowser();
  website = await startWebsite();
});
afterAll(async () => {
  await browser?.close();
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

/** A site with a dialogue that hands over, and its page. */
async function publish(demo: Server, path: string): Promise<Api> {
  const api = new Api(demo);
  const site = await api.site(`Chats ${path}`, {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  await api.publish(site.id, "Reception", handover("How can we help?"), {
    include: [`${website.url}${path}`],
  });
  website.pages.set(path, { html: pageWith(snippet(demo.url, site.key)) });
  return api;
}

/** What a context reports is a reason to fail. */
function watched<T extends { context: BrowserContext }>(one: T): T {
  opened.push(one.context);
  problems.push(collectProblems(one.context));
  return one;
}

async function agent(demo: Server, email: string): Promise<Desk> {
  return watched(await Desk.open(browser, demo, email));
}

interface Visitor {
  context: BrowserContext;
  page: Page;
  chat: Chat;
}

/** A visitor who has asked for somebody. */
async function visitor(path: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Visitor> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  watched({ context });
  const page = await context.newPage();
  await page.goto(website.url + path);
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Talk to somebody");
  return { context, page, chat };
}

const write = async ({ chat }: Visitor, text: string) => {
  await chat.panel.getByLabel("Write a message").fill(text);
  await chat.panel.getByLabel("Write a message").press("Enter");
};

describe("with agents on duty", () => {
  let demo: Server;
  let api: Api;

  beforeAll(async () => {
    demo = await startDemo();
    api = await publish(demo, "/talk");
    await onDuty(api, [MAREN, SANNE]);
  });
  afterAll(async () => {
    await demo?.stop();
  });

  test("an offer with what was said, taken by one key; both talk, and the visitor rates", async () => {
    const maren = await agent(demo, MAREN);
    await open(maren.page, demo, "/people");
    const ida = await visitor("/talk");
    await ida.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const name of ["live_chat_requested", "live_chat_initiated", "live_chat_ended"]) {
        document.addEventListener(`usher:${name}`, () => heard.push(name));
      }
    });
    await ida.chat.hears("One moment, please.");
    await ida.chat.panel.getByText("We are fetching somebody for you.").waitFor();
    await ida.chat.panel.getByText(/You will know within \d min\./).waitFor();
    await photograph(ida.page, "live-chat-waiting");

    await maren.offer.waitFor();
    await maren.offer.getByText("Anonymous visitor").waitFor();
    await maren.offer.getByText("How can we help?").waitFor();
    await maren.offer.getByText(/^(9\d|100) s$/).waitFor();
    await photograph(maren.page, "live-chat-offer");
    await maren.page.keyboard.press("F2");
    await maren.page.waitForURL(/\/inbox\?chat=/);
    await maren.offer.waitFor({ state: "detached" });
    await ida.chat.panel.getByText("You are talking to Maren Dahl").waitFor();

    // What stands before the agent: the automated part, and a visitor of whom nothing is known.
    await maren.hears("How can we help?");
    const known = maren.page.getByRole("complementary", { name: "Visitor" });
    await known.getByRole("button", { name: "Edit E-mail: –" }).waitFor();
    await known.getByRole("button", { name: "Edit Phone: –" }).waitFor();

    await maren.says("Good morning, what is it about?");
    await ida.chat.hears("Good morning, what is it about?");
    await ida.chat.panel.getByLabel("Write a message").pressSequentially("Pri");
    await maren.page.getByText("The visitor is typing").waitFor();
    await write(ida, "Prices, please");
    await maren.hears("Prices, please");
    await maren.field.pressSequentially("They");
    await ida.chat.panel.getByRole("img", { name: "Maren Dahl is typing" }).waitFor();
    await maren.field.fill("");
    await ida.chat.panel.getByText("Read", { exact: true }).waitFor();

    await maren.says("They stand on our pagse.");
    await maren.page.getByText("Read", { exact: true }).waitFor();
    await maren.field.press("ArrowUp");
    const mending = maren.page.getByRole("textbox", { name: "Change the message" });
    await mending.fill("They stand on our page.");
    await mending.press("Enter");
    await ida.chat.hears("They stand on our page.");
    await ida.chat.panel.getByText("edited").waitFor();

    // Notes are for colleagues: not on the visitor's screen, not in what the visitor's browser gets.
    const told: string[] = [];
    ida.page.on("response", async (response) => {
      if (response.url().includes("/api/visitor/")) told.push(await response.text().catch(() => ""));
    });
    await maren.page.locator("main").focus();
    await maren.page.keyboard.press("Escape");
    await maren.field.press("Escape");
    await maren.page.keyboard.press("n");
    const note = maren.page.getByRole("textbox", { name: "Note for colleagues" });
    await note.fill("Sounds like a reseller");
    await note.press("Enter");
    await maren.hears("Sounds like a reseller");
    await photograph(maren.page, "live-chat-inbox");
    await ida.page.reload();
    await ida.chat.hears("They stand on our page.");
    expect(await ida.chat.panel.getByText("Sounds like a reseller").count()).toBe(0);
    expect(told.join("")).not.toContain("reseller");
    await write(ida, "Thank you!");
    await maren.hears("Thank you!");

    await maren.page.getByRole("button", { name: /^Score/ }).click();
    await maren.page.getByRole("menuitem", { name: /^2/ }).click();
    await maren.page.getByRole("button", { name: "Score 2" }).waitFor();
    await maren.page.getByRole("button", { name: "End session" }).click();
    await ida.chat.panel.getByText("How was this chat?").waitFor();
    await photograph(ida.page, "live-chat-rating");
    await ida.chat.panel.getByRole("radio", { name: "4 of 5" }).check({ force: true });
    await ida.chat.panel.getByLabel("Comment (optional)").fill("Very kind");
    await ida.chat.panel.getByRole("button", { name: "Send" }).click();
    await ida.chat.panel.getByText("Thank you for your rating.").waitFor();
    await maren.page.getByText("This chat is over.").waitFor();
    await maren.page.getByText("Very kind").waitFor();

    const download = maren.page.waitForEvent("download");
    await maren.does("Download the transcript");
    const file = await (await download).createReadStream();
    let text = "";
    for await (const chunk of file) text += String(chunk);
    expect(text).toContain("They stand on our page.");
    expect(text).toContain("Prices, please");
  });

  test("files go both ways: pictures are seen, documents saved, what is not taken is said; a transcript names them", async () => {
    const maren = await agent(demo, MAREN);
    const ida = await visitor("/talk");
    await maren.offer.waitFor();
    await maren.page.keyboard.press("F2");
    await ida.chat.panel.getByText("You are talking to Maren Dahl").waitFor();

    const { panel } = ida.chat;
    const choose = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
      const chooser = ida.page.waitForEvent("filechooser");
      await panel.getByRole("button", { name: "Send a file" }).click();
      await (await chooser).setFiles([file]);
    };
    await choose({ name: "Oven.png", mimeType: "image/png", buffer: png(400, 300) });
    const picture = maren.messages.getByRole("button", { name: "Look at Oven.png" });
    await picture.locator("img").evaluate((image: HTMLImageElement) => image.decode());
    await picture.click();
    const shown = maren.page.getByRole("dialog", { name: "Oven.png" });
    await shown.getByRole("img", { name: "Oven.png" }).waitFor();
    await photograph(maren.page, "live-chat-picture");
    await maren.page.keyboard.press("Escape");
    await shown.waitFor({ state: "detached" });
    // The visitor's own picture is painted, too.
    await panel.getByRole("button", { name: "Save Oven.png" }).locator("canvas[data-painted]").waitFor();

    await choose({ name: "tool.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ\0\0") });
    await panel.getByText("Only pictures and PDF files of up to 10 MB can be sent.").waitFor();
    await panel.getByRole("button", { name: "Remove" }).click();
    await panel.getByText("tool.exe").waitFor({ state: "detached" });

    const chosen = maren.page.waitForEvent("filechooser");
    await maren.page.getByRole("button", { name: "Send a file" }).click();
    await (await chosen).setFiles([
      { name: "Offer.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 offer") },
      { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<script>alert(1)</script>") },
    ]);
    await maren.page.getByText(/^Not sent: Only pictures/).waitFor();
    await maren.page.getByRole("button", { name: "Discard" }).click();
    await maren.hears("Offer.pdf");
    const download = ida.page.waitForEvent("download");
    await panel.getByRole("button", { name: "Save Offer.pdf" }).click();
    expect((await download).suggestedFilename()).toBe("Offer.pdf");

    // Pasting is enough.
    await maren.field.evaluate(
      (field, bytes) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "Sketch.png", { type: "image/png" }));
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
      },
      [...png(80, 200)],
    );
    const sketch = panel.getByRole("button", { name: "Save Sketch.png" }).locator("canvas");
    await expect.poll(() => sketch.evaluate(isPainted)).toBe(true);
    await photograph(ida.page, "live-chat-files-visitor");
    await photograph(maren.page, "live-chat-files-inbox");
    expect(await seriousFindings(maren.page)).toEqual([]);

    // A sign is found by what it shows, and stands where the caret was.
    await maren.field.fill("Good!");
    await maren.page.getByRole("button", { name: "Insert an emoji" }).click();
    const search = maren.page.getByRole("textbox", { name: "Search emoji" });
    await search.fill("thumbs up");
    await photograph(maren.page, "live-chat-emoji");
    expect(await seriousFindings(maren.page)).toEqual([]);
    await search.press("Enter");
    await expect.poll(() => maren.field.inputValue()).toBe("Good!👍");
    await maren.field.press("Enter");
    await ida.chat.hears("Good!👍");

    // After a reload everything is fetched anew.
    await ida.page.reload();
    await panel.getByRole("button", { name: "Save Oven.png" }).waitFor();
    const again = panel.getByRole("button", { name: "Save Sketch.png" }).locator("canvas");
    await expect.poll(() => again.evaluate(isPainted)).toBe(true);
    const address = (await picture.locator("img").getAttribute("src")) ?? "";
    const stranger = await fetch(demo.url + address);
    expect(stranger.status).toBe(401);

    const saved = maren.page.waitForEvent("download");
    await maren.does("Download the transcript");
    const stream = await (await saved).createReadStream();
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    expect(text).toContain("Visitor: (file) Oven.png");
    expect(text).toContain("Maren Dahl: (file) Offer.pdf");
    await maren.page.getByRole("button", { name: "End session" }).click();
    await maren.page.getByText("This chat is over.").waitFor();
  });

  test("the page hears of the way of a chat; the visitor may end it", async () => {
    const maren = await agent(demo, MAREN);
    const ole = await visitor("/talk");
    await ole.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const name of ["live_chat_initiated", "live_chat_ended"]) {
        document.addEventListener(`usher:${name}`, () => heard.push(name));
      }
    });
    await maren.offer.getByRole("button", { name: "Accept" }).click();
    await ole.chat.panel.getByText("You are talking to Maren Dahl").waitFor();
    await ole.chat.panel.getByRole("button", { name: "End chat" }).click();
    await ole.chat.panel.getByText("How was this chat?").waitFor();
    await maren.page.getByText("This chat is over.").waitFor();
    expect(await ole.page.evaluate(() => Reflect.get(window, "heard"))).toEqual([
      "live_chat_initiated",
      "live_chat_ended",
    ]);
  });

  test("a slash brings what is said often, with the words about visitor and agent filled in", async () => {
    for (const [shortcut, text] of [
      ["hello", 'Hello {{person.first_name:"there"}}, {{agent.first_name}} here.'],
      ["hours", "We are here from nine to five."],
    ])
      await api.ok("POST", "/canned-responses", { shortcut, text, shared: true });
    const maren = await agent(demo, MAREN);
    const pia = await visitor("/talk");
    await maren.offer.getByRole("button", { name: "Accept" }).click();
    await maren.field.pressSequentially("/h");
    const list = maren.page.getByRole("listbox", { name: "Canned responses" });
    await list.getByRole("option", { name: "/hours" }).waitFor();
    await photograph(maren.page, "live-chat-canned");
    expect(await seriousFindings(maren.page)).toEqual([]);
    await maren.field.press("ArrowDown");
    await list.getByRole("option", { name: "/hours", selected: true }).waitFor();
    await maren.field.press("ArrowUp");
    await maren.field.press("Enter");
    await list.waitFor({ state: "detached" });
    await maren.page.getByText("Hello there, Maren here.").waitFor();
    await maren.field.press("Enter");
    await pia.chat.hears("Hello there, Maren here.");
    await maren.page.getByRole("button", { name: "End session" }).click();
    await pia.chat.panel.getByText("How was this chat?").waitFor();
  });

  test("whoever waits may stop, and the offer is gone", async () => {
    const maren = await agent(demo, MAREN);
    const jo = await visitor("/talk");
    await maren.offer.waitFor();
    await jo.chat.panel.getByRole("button", { name: "Stop waiting" }).click();
    await maren.offer.waitFor({ state: "detached" });
    await jo.chat.ended();
  });

  test("who is switched to unavailable is not asked", async () => {
    const maren = await agent(demo, MAREN);
    await maren.page.getByRole("switch", { name: "Available", exact: true }).click({ force: true });
    await maren.page.getByRole("switch", { name: "Unavailable" }).waitFor();
    const ann = await visitor("/talk");
    await ann.chat.hears("Nobody is free right now. Please write to us.");
    expect(await maren.offer.count()).toBe(0);
    await maren.page.getByRole("switch", { name: "Unavailable" }).click({ force: true });
    await maren.page.getByRole("switch", { name: "Available", exact: true }).waitFor();
  });

  test("inbox, offer, board and the visitor's side are free of serious findings", {
    timeout: 240_000,
  }, async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const options = { colorScheme, reducedMotion: "reduce" } as const;
      const maren = watched(await Desk.open(browser, demo, MAREN, options));
      const uli = await visitor("/talk", options);
      const look = async (page: Page, name: string) => {
        expect(await seriousFindings(page), `${name} ${colorScheme}`).toEqual([]);
        await photograph(page, `live-${name}-${colorScheme}`);
      };
      await uli.chat.panel.getByText("We are fetching somebody for you.").waitFor();
      await maren.offer.waitFor();
      await look(uli.page, "waiting");
      await look(maren.page, "offer");
      await maren.page.keyboard.press("F2");
      await maren.says("Good morning");
      await uli.chat.hears("Good morning");
      await write(uli, "Good morning");
      await maren.hears("Good morning");
      await look(uli.page, "talking");
      await look(maren.page, "inbox");
      await maren.does("Transfer");
      await maren.page.getByRole("dialog", { name: "Transfer the chat" }).getByLabel("Note").waitFor();
      await look(maren.page, "transfer");
      await maren.page.keyboard.press("Escape");
      await open(maren.page, demo, "/inbox/board");
      await maren.page.getByRole("heading", { name: /^Active/ }).waitFor();
      await look(maren.page, "board");
      await uli.chat.panel.getByRole("button", { name: "End chat" }).click();
      await uli.chat.panel.getByRole("radio", { name: "5 of 5" }).check({ force: true });
      await uli.chat.panel.getByRole("button", { name: "Get the transcript by e-mail" }).click();
      await look(uli.page, "farewell");
      await maren.context.close();
      await uli.context.close();
    }
  });

  // From here on two are there: who closed the console is asked for two minutes more.
  test("a chat is handed to a colleague with a note, and stays until it is taken", async () => {
    const maren = await agent(demo, MAREN);
    const eve = await visitor("/talk");
    await maren.offer.getByRole("button", { name: "Accept" }).click();
    await maren.says("I fetch a colleague");
    const sanne = await agent(demo, SANNE);
    await maren.page.locator("main").focus();
    await maren.page.keyboard.press("t");
    const dialog = maren.page.getByRole("dialog", { name: "Transfer the chat" });
    await dialog.getByRole("textbox", { name: "Agent or team" }).fill("Sanne");
    await maren.page.getByRole("option", { name: "Sanne de Vries" }).click();
    await dialog.getByLabel("Note").fill("Wants a quote");
    await dialog.getByRole("button", { name: "Transfer" }).click();
    await sanne.offer.getByText("Wants a quote").waitFor();
    await sanne.offer.getByText("Maren Dahl hands over").waitFor();
    await write(eve, "I am still here");
    await maren.hears("I am still here");
    await sanne.offer.getByRole("button", { name: "Accept" }).click();
    await eve.chat.panel.getByText("You are talking to Sanne de Vries").waitFor();
    await sanne.hears("I am still here");
    await sanne.says("I make you one");
    await eve.chat.hears("I make you one");
    await sanne.page.getByRole("button", { name: "End session" }).click();
    await eve.chat.panel.getByText("How was this chat?").waitFor();
  });

  test("declined by one, it goes to the next; nobody's chat falls back", async () => {
    const maren = await agent(demo, MAREN);
    const sanne = await agent(demo, SANNE);
    const kim = await visitor("/talk");
    const asked = await Promise.race([
      maren.offer.waitFor().then(() => [maren, sanne] as const),
      sanne.offer.waitFor().then(() => [sanne, maren] as const),
    ]);
    await asked[0].page.keyboard.press("Shift+F2");
    await asked[1].offer.getByRole("button", { name: "Decline" }).click();
    await kim.chat.hears("Nobody is free right now. Please write to us.");
    await kim.chat.ended();
  });
});

describe("with little patience", () => {
  let demo: Server;

  beforeAll(async () => {
    demo = await startDemo({ USHER_LIVE_CHAT_OFFER_SECONDS: "4" });
    await onDuty(await publish(demo, "/hurry"), [MAREN, SANNE]);
  });
  afterAll(async () => {
    await demo?.stop();
  });

  test("missed by the first, offered to the second, and then the fallback", async () => {
    const maren = await agent(demo, MAREN);
    const sanne = await agent(demo, SANNE);
    const max = await visitor("/hurry");
    const [first, second] = await Promise.race([
      maren.offer.waitFor().then(() => [maren, sanne] as const),
      sanne.offer.waitFor().then(() => [sanne, maren] as const),
    ]);
    await second.offer.waitFor();
    await first.offer.waitFor({ state: "detached" });
    await max.chat.hears("Nobody is free right now. Please write to us.");
    await second.offer.waitFor({ state: "detached" });
    await open(maren.page, demo, "/inbox/board");
    await maren.page.getByRole("heading", { name: /^Missed today 1$/ }).waitFor();
  });
});
