import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, type Counts, words } from "../support/api.ts";
import { collectProblems, launchBrowser } from "../support/browser.ts";
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

/** A flow that says its name and asks one thing. */
const named = (name: string) => ({
  start: "ask",
  cards: [
    {
      id: "ask",
      kind: "question",
      text: words(`${name}, {{person.first_name:"whoever you are"}}?`),
      style: "buttons",
      responses: [
        { id: "yes", label: "Yes", next: "bye" },
        { id: "no", label: "No", next: "bye" },
      ],
    },
    { id: "bye", kind: "message", text: words("Noted."), next: null },
  ],
});

/** Ten routes and what remains, as a form with many outcomes has them. */
const ROUTES = [
  { name: "Staff", criteria: { all: [{ field: "email", op: "contains", values: ["@tidewater.example"] }] } },
  {
    name: "Large",
    criteria: {
      all: [
        { field: "employees", op: "at_least", values: [1000] },
        { field: "country", op: "is", values: ["DE", "AT", "CH"] },
      ],
    },
  },
  {
    name: "Partner",
    criteria: {
      any: [
        { field: "role", op: "is", values: ["Partner"] },
        { field: "message", op: "contains", values: ["resell"] },
      ],
    },
  },
  { name: "Press", criteria: { any: [{ field: "role", op: "is", values: ["Journalist"] }] } },
  { name: "Student", criteria: { all: [{ field: "role", op: "starts_with", values: ["Stud"] }] } },
  { name: "Medium", criteria: { all: [{ field: "employees", op: "at_least", values: [100] }] } },
  { name: "Nordic", criteria: { all: [{ field: "country", op: "is", values: ["SE", "NO", "DK"] }] } },
  { name: "Quiet", criteria: { all: [{ field: "message", op: "is_empty" }] } },
  { name: "Urgent", criteria: { any: [{ field: "message", op: "contains", values: ["today", "urgent"] }] } },
  { name: "Small", criteria: { all: [{ field: "employees", op: "less_than", values: [10] }] } },
];

const flows = new Map<string, string>();

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  api = new Api(demo);
  site = await api.site("Handing over", {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  for (const name of [...ROUTES.map((route) => route.name), "Rest", "Page"])
    flows.set(name, (await api.flow(site.id, name, named(name))).id);
  const field = (label: string, name: string) => `<label>${label} <input name="${name}"></label>`;
  website.pages.set("/form", {
    html: pageWith(
      snippet(demo.url, site.key),
      "",
      `<form id="contact" name="contact" action="/thanks">
         ${field("E-mail", "email")}${field("First name", "first_name")}${field("Employees", "employees")}
         ${field("Country", "country")}${field("Role", "role")}${field("Message", "message")}
         <input type="password" name="secret" value="hidden-word"><button>Send</button></form>`,
    ),
  });
  website.pages.set("/thanks", { html: "<!doctype html><title>Thanks</title><h1>Thanks</h1>" });
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

const flow = (name: string) => flows.get(name) ?? "";
const usher = (page: Page, command: string, ...args: unknown[]) =>
  page.evaluate(([name, list]) => Reflect.get(window, "usher")(name, ...(list as unknown[])), [
    command,
    args,
  ] as const);
const counts = async (name: string) => (await api.get<{ counts: Counts }>(`/flows/${flow(name)}`)).counts;
const choices = () =>
  ROUTES.map(({ name, criteria }) => ({ criteria, flow: flow(name), ui: "popup" as const }));

/** The page with the form, attached with ten choices. */
async function form(options: object = {}): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${website.url}/form`);
  await page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function");
  await usher(page, "attachForm", "#contact", { choices: choices(), else: flow("Rest"), ...options });
  return page;
}

async function send(page: Page, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: "Send" }).click();
}

test("of ten choices the first that fits starts its flow, also when later ones fit, too", async () => {
  const cases: [Record<string, string>, string][] = [
    [{ Employees: "5000", Country: "at", Message: "today" }, "Large"],
    [{ Employees: "5000", Country: "FR", Message: "please resell this" }, "Partner"],
    [{ Role: "journalist", Message: "Hello" }, "Press"],
    [{ Employees: "250", Country: "SE", Message: "Hello" }, "Medium"],
    [{ Country: "no", Employees: "50", Message: "Hello" }, "Nordic"],
    [{ Employees: "50", Country: "FR" }, "Quiet"],
    [{ Employees: "3", Country: "FR", Message: "It is fine" }, "Small"],
    [{ Employees: "50", Country: "FR", Message: "It is fine" }, "Rest"],
  ];
  for (const [values, name] of cases) {
    const page = await form({ else: { flow: flow("Rest"), ui: "popup" } });
    await send(page, { ...values, "First name": "Mio" });
    const chat = new Chat(page);
    await chat.hears(`${name}, Mio?`);
    // What the flow ends with, the form's own submission, comes only then.
    expect(new URL(page.url()).pathname, name).toBe("/form");
    await chat.answer("Yes");
    await page.getByRole("heading", { name: "Thanks" }).waitFor();
    expect((await counts(name)).completed, name).toBe(1);
    await page.close();
  }
  expect((await counts("Urgent")).triggered).toBe(0);
});

test("when no choice fits and there is none for the rest, the form goes its way; a password stays on the page", async () => {
  const page = await form({ else: undefined });
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/visitor/v1/forms")) sent.push(request.postData() ?? "");
  });
  await send(page, { Employees: "50", Country: "FR", Message: "Hello", "E-mail": "rest@acme.example" });
  await page.getByRole("heading", { name: "Thanks" }).waitFor();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain("rest@acme.example");
  expect(sent[0]).not.toContain("hidden-word");
});

test("what a page asks wrongly is refused with words for its developer, and the form goes its way", async () => {
  const odd = {
    criteria: { all: [{ field: "email", op: "ends_with", values: ["x"] }] },
    flow: flow("Staff"),
  };
  for (const [wrong, words] of [
    [[...choices(), choices()[0]], "at most ten choices"],
    [[odd], "unknown variant `ends_with`"],
  ] as const) {
    const page = await form({ choices: wrong });
    const warned = page.waitForEvent("console", (message) => message.type() === "warning");
    await send(page, { Message: "Hello" });
    expect((await warned).text()).toContain(words);
    await page.getByRole("heading", { name: "Thanks" }).waitFor();
  }
  problems.length = 0; // The browser notes the refusal by itself.
});

test("membership of a list chooses, and `instead` leaves the submission out", async () => {
  const list = await api.ok<{ id: string }>("POST", "/lists", { name: "Invited" });
  const person = await api.ok<{ id: string }>("POST", "/people", {
    attributes: { email: "invited@acme.example" },
  });
  await api.ok("POST", `/lists/${list.id}/people`, { person_ids: [person.id] });
  const page = await form({
    choices: [
      { criteria: { any: [{ member_of: list.id, op: "is_member" }] }, flow: flow("Staff"), ui: "popup" },
    ],
    else: undefined,
    followUp: "instead",
  });
  await send(page, { "E-mail": "invited@acme.example", "First name": "Ina" });
  const chat = new Chat(page);
  await chat.hears("Staff, Ina?");
  await chat.answer("No");
  await chat.ended();
  await page.keyboard.press("Escape");
  await chat.panel.waitFor({ state: "hidden" });
  expect(new URL(page.url()).pathname).toBe("/form");
});

/** An application that draws its own pages: its router changes the address first, then title and content. */
const ROUTER = `
  const draw = () => {
    const path = location.pathname;
    document.title = "Page " + path;
    document.querySelector("#view").innerHTML = path === "/spa/offer"
      ? '<h1>Offer</h1><button data-usher-flow="FLOW" data-usher-ui="popup">Ask</button>'
      : path === "/spa/inline" ? '<h1>Inline</h1><div id="place" data-usher-flow="FLOW" style="height:420px"></div>'
      : '<h1>' + path + '</h1>';
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-to]");
    if (!link) return;
    event.preventDefault();
    history.pushState({}, "", link.dataset.to);
    setTimeout(draw, 20);
  });
  addEventListener("popstate", draw);
  draw();`;

async function application(more = ""): Promise<Page> {
  const links = ["/spa/", "/spa/offer", "/spa/inline", "/spa/about"]
    .map((path) => `<a href="${path}" data-to="${path}">${path}</a>`)
    .join(" ");
  website.pages.set("/spa/*", {
    html: pageWith(
      snippet(demo.url, site.key),
      "",
      `<nav>${links}</nav><div id="view"></div><script>${ROUTER.replaceAll("FLOW", flow("Page"))}${more}</script>`,
    ),
  });
  const page = await context.newPage();
  const viewed = page.waitForResponse((r) => r.url().includes("/api/visitor/v1/page?"));
  await page.goto(`${website.url}/spa/`);
  await page.waitForFunction(() => typeof Reflect.get(window, "usher") === "function");
  // The page view of arriving is not one of those that a test counts.
  await viewed;
  return page;
}

const go = (page: Page, path: string) => page.getByRole("link", { name: path, exact: true }).click();

test("in an application with its own router, flows work on pages that are drawn later", async () => {
  const page = await application();
  const chat = new Chat(page);
  await go(page, "/spa/offer");
  await page.getByRole("button", { name: "Ask" }).click();
  await chat.hears("Page, whoever you are?");
  await page.keyboard.press("Escape");
  await chat.panel.waitFor({ state: "hidden" });

  await go(page, "/spa/inline");
  const region = page.getByRole("region", { name: /: chat$/ });
  await region.getByText("Page, whoever you are?").waitFor();
  // The router takes the page away, and the conversation goes with its element.
  await go(page, "/spa/about");
  await region.waitFor({ state: "detached" });

  await usher(page, "startFlow", flow("Page"), { ui: "popup" });
  await chat.answer("Yes");
  await chat.ended();
});

test("an application may tell its pages itself: each is one page view, with the words that it gives", async () => {
  const page = await application();
  const seen: { url: string; title: string }[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/visitor/v1/page?"))
      seen.push(JSON.parse(request.postData() ?? "{}") as { url: string; title: string });
  });
  const told = page.waitForResponse((r) => r.url().includes("/api/visitor/v1/page?"));
  await usher(page, "page", { url: `${website.url}/spa/step-2`, title: "Step two" });
  await told;
  expect(seen.map(({ url, title }) => [url, title])).toEqual([[`${website.url}/spa/step-2`, "Step two"]]);

  const moved = page.waitForResponse((r) => r.url().includes("/api/visitor/v1/page?"));
  await go(page, "/spa/about");
  await moved;
  expect(seen.at(-1)).toMatchObject({ url: `${website.url}/spa/about` });
  expect(seen).toHaveLength(2);
});

test("a dialogue's page of an application greets when it is reached, by link, back and forth", async () => {
  await api.publish(site.id, "About", named("Dialogue"), { include: [`${website.url}/spa/about`] });
  const page = await application();
  const greeting = page.locator("usher-widget .poke-text").getByText("Dialogue");
  await go(page, "/spa/about");
  await greeting.waitFor();
  await page.goBack();
  await greeting.waitFor({ state: "detached" });
  await page.goForward();
  await greeting.waitFor();
  await page.goto(`${website.url}/spa/about`);
  await greeting.waitFor();
});
