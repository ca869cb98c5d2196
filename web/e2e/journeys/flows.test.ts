import { createHmac } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, type Counts, colours, smallTalk } from "../support/api.ts";
import { collectProblems, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { type Server, startDemo } from "../support/server.ts";

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let context: BrowserContext;
let problems: string[];
let site: { id: string; key: string };
let flow: string;
let unrecorded: string;

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  api = new Api(demo);
  site = await api.site("Flows", { privacy: { consent_mode: "open" } });
  flow = (await api.flow(site.id, "Colours", colours())).id;
  await api.publish(site.id, "Welcome", smallTalk("Hello there."), { include: [`${website.url}/welcome`] });
  const mine = snippet(demo.url, site.key);
  const serve = (path: string, body: string, head = "") =>
    website.pages.set(path, { html: pageWith(mine, head, body) });
  serve("/plain", "");
  serve("/welcome", `<button data-usher-flow="${flow}">Choose a colour</button>`);
  serve(
    "/links",
    `<a href="/elsewhere" id="link" data-usher-flow="${flow}" data-usher-ui="popup">Choose a colour</a>
     <button id="button" data-usher-flow="${flow}">Choose here</button>`,
  );
  serve("/inline", `<div id="place" data-usher-flow="${flow}" style="width:420px;height:520px"></div>`);
  const asked = await api.site("Asked", { privacy: { consent_mode: "required" } });
  unrecorded = (await api.flow(asked.id, "Unrecorded", colours())).id;
  website.pages.set("/asked", {
    html: pageWith(
      snippet(demo.url, asked.key, ' data-consent="required"'),
      "",
      `<button data-usher-flow="${unrecorded}">Choose</button>`,
    ),
  });
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  context.setDefaultTimeout(10_000);
  problems = collectProblems(context);
});
afterEach(async () => {
  await context.close();
  expect(problems).toEqual([]);
});

const open = async (path: string) => {
  const page = await context.newPage();
  await page.goto(`${website.url}${path}`);
  await page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function");
  return page;
};
const usher = (page: Page, command: string, ...args: unknown[]) =>
  page.evaluate(([name, list]) => Reflect.get(window, "usher")(name, ...(list as unknown[])), [
    command,
    args,
  ] as const);
const peopleWith = async (words: string) =>
  (await api.ok<{ items: unknown[] }>("POST", "/people/search", { q: words, limit: 5 })).items;
const counts = async (kind: "flows" | "dialogues", id: string) =>
  (await api.get<{ counts: Counts }>(`/${kind}/${id}`)).counts;

test("a link opens its flow as a dialog over the page: focus kept, given back, and the link not followed", async () => {
  const page = await open("/links");
  const chat = new Chat(page);
  await page.locator("#link").click();
  await chat.hears("Which colour?");
  expect(new URL(page.url()).pathname).toBe("/links");
  expect(await chat.panel.getAttribute("aria-modal")).toBe("true");
  expect(await seriousFindings(page)).toEqual([]);
  await photograph(page, "flow-popup");
  // All the stops of the dialog are inside it.
  for (let stop = 0; stop < 8; stop++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("usher-widget");
  }
  await page.keyboard.press("Escape");
  await chat.panel.waitFor({ state: "hidden" });
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("link");
});

test("each start is a new conversation; one that was answered and not finished goes on", async () => {
  const page = await open("/links");
  const chat = new Chat(page);
  const before = await counts("flows", flow);
  await page.locator("#button").click();
  await chat.offered();
  await chat.close();
  await page.locator("#button").click();
  await chat.answer("Red");
  await chat.hears("Red for everybody?");
  await chat.close();
  await page.locator("#button").click();
  await chat.hears("Red for everybody?");
  await chat.hasSaid(["Red"]);
  await chat.answer("Sure");
  await chat.ended();
  await chat.close();
  const after = await counts("flows", flow);
  expect(after.triggered - before.triggered).toBe(2);
  expect(after.engaged - before.engaged).toBe(1);
  expect(after.completed - before.completed).toBe(1);
});

test("a flow under way follows the visitor to the next page and through a reload", async () => {
  const page = await open("/links");
  const chat = new Chat(page);
  await page.locator("#button").click();
  await chat.answer("Blue");
  await chat.hears("Blue for everybody?");
  await page.goto(`${website.url}/plain`);
  await chat.hears("Blue for everybody?");
  await page.reload();
  await chat.hears("Blue for everybody?");
  await chat.answer("Sure");
  await chat.ended();
});

test("a page starts a flow with what it knows, and hears of it", async () => {
  const page = await open("/plain");
  const heard = await page.evaluateHandle(() => {
    const events: unknown[] = [];
    for (const name of ["conversation_triggered", "conversation_engaged", "conversation_completed"])
      Reflect.get(window, "usher").on(name, (event: { type: string; data: { payload: object } }) =>
        events.push({ event: event.type, ...event.data.payload }),
      );
    return events;
  });
  await usher(page, "startFlow", flow, { ui: "popup", context: { plan: "Pro" } });
  const chat = new Chat(page);
  await chat.answer("Red");
  await chat.hears("Red for Pro?");
  await chat.answer("Sure");
  await chat.ended();
  const events = (await heard.jsonValue()) as { event: string }[];
  expect(events.map((e) => e.event)).toEqual([
    "usher:conversation_triggered",
    "usher:conversation_engaged",
    "usher:conversation_completed",
  ]);
  expect(events[0]).toMatchObject({ name: "Colours", id: flow, type: "flow", uiType: "popup" });
});

test("the visitor turns from one conversation to the other and back", async () => {
  const page = await open("/welcome");
  const chat = new Chat(page);
  await chat.open();
  await chat.answer("Yes");
  await chat.field("Name").waitFor();
  await page.getByRole("button", { name: "Choose a colour" }).click();
  await chat.hears("Which colour?");
  const choose = chat.panel.getByLabel("Conversations");
  await choose.selectOption({ label: "Hello there." });
  await chat.field("Name").fill("Nora");
  expect(await seriousFindings(page)).toEqual([]);
  await choose.selectOption({ label: "Which colour?" });
  await chat.answer("Red");
  await chat.hears("Red for everybody?");
  await choose.selectOption({ label: "Hello there." });
  await chat.hasSaid(["Yes"]);
});

test("inside an element of the page a flow is a part of it, also when the element comes later", async () => {
  const page = await open("/inline");
  const region = page.getByRole("region", { name: /: chat$/ });
  await region.getByText("Which colour?").waitFor();
  expect(await page.locator("usher-widget").count()).toBe(0);
  const box = await region.boundingBox();
  const place = await page.locator("#place").boundingBox();
  expect([box?.width, box?.height]).toEqual([place?.width, place?.height]);
  expect(await seriousFindings(page)).toEqual([]);
  await photograph(page, "flow-inline");

  await page.evaluate((id) => {
    document.querySelector("#place")?.remove();
    const place = document.createElement("div");
    place.id = "later";
    place.dataset.usherFlow = id;
    document.body.append(place);
  }, flow);
  const later = page.locator("#later").getByRole("region", { name: /: chat$/ });
  await later.getByText("Which colour?").waitFor();
  // By keyboard alone.
  await later.getByRole("button", { name: "Red" }).focus();
  await page.keyboard.press("Enter");
  await later.getByText("Red for everybody?").waitFor();
  await later.getByRole("button", { name: "Sure", exact: true }).waitFor();
  expect(
    await later
      .getByRole("button", { name: "Sure", exact: true })
      .evaluate((b) => b === (b.getRootNode() as ShadowRoot).activeElement),
  ).toBe(true);
  await page.keyboard.press("Enter");
  await later.getByText("Noted.").waitFor();
});

test("without consent a flow works for the page view, and nothing is stored or recorded", async () => {
  const page = await open("/asked");
  const chat = new Chat(page);
  await page.getByRole("button", { name: "Choose" }).click();
  await chat.answer("Blue");
  await chat.hears("Blue for everybody?");
  const stored = await page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    document.cookie,
  ]);
  expect(stored).toEqual([""]);
  expect(await counts("flows", unrecorded)).toMatchObject({ triggered: 0, engaged: 0 });
  await page.reload();
  await page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function");
  await page.getByRole("button", { name: "Choose" }).click();
  await chat.offered();
  expect(await chat.said()).toEqual([]);
});

test("a draft is shown to whoever has its link, says so, and is not counted", async () => {
  const draft = await api.ok<{ id: string; draft: object; draft_version: number }>("POST", "/dialogues", {
    site_id: site.id,
    name: "Draft",
  });
  await api.ok(
    "PATCH",
    `/dialogues/${draft.id}`,
    { draft: { ...draft.draft, stream: smallTalk("Only a draft.") } },
    { "if-match": `"${draft.draft_version}"` },
  );
  const link = await api.ok<{ url: string }>("POST", `/dialogues/${draft.id}/preview-link`, {
    url: `${website.url}/plain`,
  });
  const page = await context.newPage();
  await page.goto(link.url);
  const chat = new Chat(page);
  await chat.open();
  await chat.panel.getByText("Preview: nothing is recorded").waitFor();
  await chat.hears("Only a draft.");
  await chat.answer("Yes");
  await chat.field("Name").waitFor();
  expect(await counts("dialogues", draft.id)).toMatchObject({ triggered: 0, engaged: 0 });
  const decided = page.waitForResponse((r) => r.url().includes("/api/visitor/v1/page"));
  await page.goto(`${website.url}/plain`);
  await decided;
  expect(await page.locator("usher-widget").count()).toBe(0);
});

test("a signed token names the visitor, logging out forgets, and an unsigned one is refused", async () => {
  const { secret } = await api.get<{ secret: string }>(`/sites/${site.id}/identity`);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sign = (claims: object, key: string) => {
    const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
  };
  const exp = Math.floor(Date.now() / 1000) + 600;
  const ada = { email: "ada.flows@acme.example", exp, given_name: "Ada" };
  const page = await open("/plain");
  const token = () => page.evaluate((key) => localStorage.getItem(`usher.${key}.token`), site.key);
  const warnings: string[] = [];
  page.on("console", (m) => warnings.push(m.text()));

  await usher(page, "identify", sign(ada, "not the site's secret"));
  await expect.poll(() => warnings.join()).toContain("usher: identify:");
  expect(await peopleWith("ada.flows")).toEqual([]);
  problems.length = 0; // The browser notes the refusal by itself.

  await expect.poll(token).not.toBeNull();
  const before = await token();
  await usher(page, "identify", sign(ada, secret));
  await expect.poll(token).not.toBe(before);
  await expect.poll(async () => (await peopleWith("ada.flows")).length).toBe(1);
  const proven = await token();
  await usher(page, "logout");
  await expect.poll(token).not.toBe(proven);
});

test("a form's submission starts a flow first, and goes through when that is over", async () => {
  website.pages.set("/form", {
    html: pageWith(
      snippet(demo.url, site.key),
      "",
      `<form id="demo" action="/thanks"><label>E-mail <input name="email" type="email" required></label>
       <label>Country <input name="country"></label><button>Send</button></form>`,
    ),
  });
  website.pages.set("/thanks", { html: "<!doctype html><title>Thanks</title><h1>Thanks</h1>" });
  const page = await open("/form");
  await usher(page, "attachForm", "#demo", {
    choices: [
      { criteria: { all: [{ field: "country", op: "is", values: ["DE", "AT"] }] }, flow, ui: "popup" },
    ],
  });
  await page.getByLabel("E-mail").fill("form.filler@acme.example");
  await page.getByLabel("Country").fill("at");
  await page.getByRole("button", { name: "Send" }).click();
  const chat = new Chat(page);
  await chat.hears("Which colour?");
  expect(new URL(page.url()).pathname).toBe("/form");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Thanks" }).waitFor();
  expect(new URL(page.url()).searchParams.get("email")).toBe("form.filler@acme.example");
  expect(await peopleWith("form.filler")).toHaveLength(1);

  // No choice fits: the page goes on as if nobody listened.
  const other = await open("/form");
  await usher(other, "attachForm", "#demo", {
    choices: [{ criteria: { all: [{ field: "country", op: "is", values: ["DE"] }] }, flow }],
  });
  await other.getByLabel("E-mail").fill("form.other@acme.example");
  await other.getByRole("button", { name: "Send" }).click();
  await other.getByRole("heading", { name: "Thanks" }).waitFor();
});

test("a flow has a page of its own, whatever pages may use the key, and no dialogue greets beside it", async () => {
  const security = { validate_origin: true, allowed_domains: ["shop.example"] };
  const mine = await api.site("Booking", { privacy: { consent_mode: "open" }, security });
  const booking = (await api.flow(mine.id, "Booking", colours())).id;
  await api.publish(mine.id, "Everywhere", smallTalk("Hello there."), { include: [`${demo.url}/*`] });
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("console", (m) => refused.push(m.text()));
  await page.goto(`${demo.url}/meet/${booking}`);
  const region = page.getByRole("region", { name: /: chat$/ });
  await region.getByText("Which colour?").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await photograph(page, "flow-meet");
  await region.getByRole("button", { name: "Blue" }).click();
  await region.getByText("Blue for everybody?").waitFor();
  await page.reload();
  await region.getByText("Blue for everybody?").waitFor();
  await region.getByRole("button", { name: "Sure", exact: true }).click();
  await region.getByText("Noted.").waitFor();
  expect(await page.locator("usher-widget").count()).toBe(0);
  expect(refused).toEqual([]);
  expect(await counts("flows", booking)).toMatchObject({ triggered: 1, engaged: 1, completed: 1 });

  const lost = await context.newPage();
  expect((await lost.goto(`${demo.url}/meet/dlg_nothing`))?.status()).toBe(404);
  await lost.getByRole("heading", { name: "There is nothing here" }).waitFor();
  problems.length = 0; // The browser notes the missing page by itself.
});

test("listeners written for the chat that a site had before go on working", async () => {
  website.pages.set("/moved", {
    html: pageWith(
      `<script>
        window.heard = [];
        window.addEventListener("adobedx.conversations.ready", () => {
          const { addListener, Enum } = window.AdobeDX;
          addListener(Enum.Events.CONVERSATION_ENGAGED, (event) => window.heard.push(event.data.payload));
        });
      </script><script src="${demo.url}/widget/compat-adobedx.js"></script>${snippet(demo.url, site.key)}`,
      "",
      `<button data-usher-flow="${flow}">Choose</button>`,
    ),
  });
  const page = await open("/moved");
  await page.getByRole("button", { name: "Choose" }).click();
  await new Chat(page).answer("Red");
  const heard = () => page.evaluate(() => Reflect.get(window, "heard") as object[]);
  await expect.poll(async () => (await heard()).length).toBe(1);
  expect((await heard())[0]).toMatchObject({ id: flow, type: "flow", uiType: "chatbot" });
});
