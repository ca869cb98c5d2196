import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Api, smallTalk, words } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open } from "../support/console.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { everyScreen } from "../support/screens.ts";
import { type Server, startDemo } from "../support/server.ts";

const IMAGE = "<img src=x onerror=window.__harmed=1>";
const SCRIPT = '"><script>window.__harmed=2</script>';
const LINK = "javascript:window.__harmed=3";
const TEMPLATE = "{{7*7}}";
const TURNED = "abc\u202Egpj.exe";
const EMAIL = "{{7*7}}+'$`@payload.example";
const COMPANY = `Evil ${IMAGE} & ${SCRIPT}`;

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let person: string;

/** Puts a payload wherever a visitor can write, by the requests that the widget makes. */
async function harmfulVisitor(key: string): Promise<void> {
  const url = `${website.url}/talk?q=${IMAGE}&t=${SCRIPT}#${LINK}`;
  const view = crypto.randomUUID();
  let token = "";
  const post = async (path: string, body: object) => {
    const response = await fetch(`${demo.url}/api/visitor/v1/${path}?site=${key}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: token ? { "x-usher-visitor": token } : {},
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const page = await post("page", {
    page_view_id: view,
    url,
    title: `${IMAGE}${SCRIPT}${TEMPLATE}${TURNED}`,
    referrer: `https://www.example.com/?${SCRIPT}`,
    language: "en",
  });
  token = page.visitor_token;
  const opened = await post("conversations", { page_view_id: view, dialogue_id: page.resolved.dialogue_id });
  const { id } = opened.conversation;
  const say = (card_id: string, input: object) =>
    post(`conversations/${id}/input`, { client_id: crypto.randomUUID(), card_id, input, page_url: url });
  await say("free", { kind: "text", text: `${IMAGE} ${SCRIPT} ${LINK} ${TEMPLATE} ${TURNED}` });
  await say("who", {
    kind: "values",
    values: {
      name: `${IMAGE}${TEMPLATE}`,
      last: `${SCRIPT}${TURNED}`,
      email: EMAIL,
      company: COMPANY,
      note: `${LINK} ${IMAGE}`,
    },
  });
}

const field = (id: string, type: string, attribute: string) => ({
  id,
  type,
  label: id,
  attribute,
  overwrite: "always",
});

beforeAll(async () => {
  demo = await startDemo();
  api = new Api(demo);
  website = await startWebsite();
  browser = await launchBrowser();
  await api.ok("POST", "/attributes", { of: "person", name: "note", label: "Note", type: "text" });
  const site = await api.site("Payloads", {
    privacy: { consent_mode: "open" },
    style: { response_delay_ms: 0 },
  });
  const stream = {
    start: "free",
    cards: [
      {
        id: "free",
        title: "Free",
        kind: "question",
        text: words("Say something."),
        style: "buttons",
        responses: [
          { id: "a", label: "One", next: "who" },
          { id: "b", label: "Two", next: "who" },
        ],
        free_text: { next: "who" },
      },
      {
        id: "who",
        kind: "info_capture",
        text: words("Who are you?"),
        skip_if_known: false,
        required: true,
        fields: [
          field("name", "text", "person.first_name"),
          field("last", "text", "person.last_name"),
          field("email", "email", "person.email"),
          field("company", "text", "company.name"),
          field("note", "text", "person.note"),
        ],
        next: "echo",
      },
      {
        id: "echo",
        kind: "message",
        text: words("Hello {{person.first_name}}, you said {{answer.Free}}."),
        next: null,
      },
    ],
  };
  await api.publish(site.id, "Payloads", stream, { include: [`${website.url}/talk`] });
  website.pages.set("/talk", { html: pageWith(snippet(demo.url, site.key)) });
  await harmfulVisitor(site.key);

  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const row = [IMAGE, SCRIPT, "csv.payload@example.com", COMPANY, LINK].map(quoted).join(",");
  const refused = [IMAGE, SCRIPT, `${IMAGE}@`, COMPANY, LINK].map(quoted).join(",");
  const csv = `First name,Last name,E-mail,Company,${quoted(IMAGE)}\n${row}\n${refused}\n`;
  const name = encodeURIComponent(`${IMAGE}.csv`);
  const made = await api.ok<{ id: string; columns: { header: string }[] }>(
    "POST",
    `/imports?name=${name}`,
    csv,
    {
      "content-type": "text/csv",
    },
  );
  const attributes = ["person.first_name", "person.last_name", "person.email", "company.name", "person.note"];
  const mapping = Object.fromEntries(made.columns.map((column, i) => [column.header, attributes[i] ?? null]));
  await api.ok("POST", `/imports/${made.id}/start`, { mode: "upsert", mapping });
  const state = async () => (await api.get<{ state: string }>(`/imports/${made.id}`)).state;
  await vi.waitUntil(async () => (await state()) === "done", { timeout: 20_000 });

  const found = await api.ok<{ items: { id: string; email: string | null }[] }>("POST", "/people/search", {
    q: "payload.example",
    limit: 5,
  });
  person = found.items.find((one) => one.email === EMAIL)?.id ?? "";
  expect(person, "the harmful visitor is a person").not.toBe("");
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});

/** A context in which anything that runs is noticed. */
async function guarded(): Promise<{ context: BrowserContext; harm: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(10_000);
  const harm: string[] = [];
  context.on("dialog", (dialog) => {
    harm.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    if (/\/x$/.test(new URL(request.url()).pathname)) harm.push(`image asked for: ${request.url()}`);
  });
  return { context, harm };
}

/** What of the payloads has become more than text. */
function alive(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const look = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) look(element.shadowRoot);
        if (element.matches('img[src="x"], [onerror]'))
          found.push(`<${element.localName} ${element.getAttributeNames().join(" ")}>`);
        if (element.matches("script") && element.textContent?.includes("__harmed")) found.push("script");
        for (const name of ["href", "src", "action", "formaction"]) {
          if (/^\s*javascript:/i.test(element.getAttribute(name) ?? ""))
            found.push(`<${element.localName} ${element.getAttributeNames().join(" ")}>`);
        }
      }
    };
    look(document);
    const harmed = Reflect.get(window, "__harmed");
    if (harmed !== undefined) found.push(`window.__harmed is ${harmed}`);
    return found;
  });
}

test("on every screen of the console the payloads are words and nothing else", {
  timeout: 300_000,
}, async () => {
  const { context, harm } = await guarded();
  const page = await consoleTab(context, demo);
  const found: Record<string, string[]> = {};
  for (const { name, path } of await everyScreen(api, person)) {
    await open(page, demo, path);
    const living = await alive(page);
    if (living.length > 0) found[name] = living;
  }
  expect(found).toEqual({});
  expect(harm).toEqual([]);
  await context.close();
});

test("names, texts and addresses are shown as they were written", async () => {
  const { context, harm } = await guarded();
  const page = await consoleTab(context, demo);
  await open(page, demo, `/people/${person}`);
  await page.getByRole("heading", { level: 1 }).getByText(IMAGE).waitFor();
  const known = page.getByRole("complementary", { name: "What is known" });
  for (const text of [EMAIL, COMPANY]) await known.getByText(text, { exact: true }).first().waitFor();
  await page.getByRole("tab", { name: "Conversations" }).click();
  await page.getByRole("button", { name: /Payloads/ }).click();
  const transcript = page.getByRole("list", { name: "Transcript" });
  await transcript.getByText(`${IMAGE} ${SCRIPT} ${LINK} ${TEMPLATE}`).first().waitFor();
  await open(page, demo, `/people?q=${encodeURIComponent("csv.payload")}`);
  await page.getByRole("link", { name: IMAGE }).first().waitFor();
  expect(await page.getByText("49", { exact: true }).count(), "no template was worked out").toBe(0);
  expect(await alive(page)).toEqual([]);
  expect(harm).toEqual([]);
  await context.close();
});

test("the command palette finds them as words", async () => {
  const { context, harm } = await guarded();
  const page = await consoleTab(context, demo);
  await open(page, demo, "/people");
  await page.keyboard.press("Control+k");
  // Whoever types sees the field take the focus first.
  await page.getByRole("dialog").locator("input:focus").waitFor();
  await page.keyboard.type("payload.example");
  await page.getByRole("dialog").getByText(EMAIL).first().waitFor();
  expect(await alive(page)).toEqual([]);
  expect(harm).toEqual([]);
  await context.close();
});

test("the widget says back what a visitor wrote, as text", async () => {
  const { context, harm } = await guarded();
  const page = await context.newPage();
  await page.goto(`${website.url}/talk?q=${encodeURIComponent(IMAGE)}`);
  const chat = new Chat(page);
  await chat.open();
  await chat.panel.getByRole("textbox").fill(`${IMAGE} ${SCRIPT} ${TEMPLATE}`);
  await page.keyboard.press("Enter");
  await chat.field("name").waitFor();
  await page.reload();
  await chat.open();
  await chat.hasSaid([`${IMAGE} ${SCRIPT} ${TEMPLATE}`]);
  await chat.field("name").fill(`${SCRIPT}${IMAGE}`);
  await chat.field("last").fill(TURNED);
  await chat.field("email").fill("echo.payload@example.com");
  await chat.field("company").fill(COMPANY);
  await chat.field("note").fill(LINK);
  await chat.send();
  await chat.hears(`Hello ${SCRIPT}${IMAGE}, you said ${IMAGE} ${SCRIPT} ${TEMPLATE}.`);
  expect(await alive(page)).toEqual([]);
  expect(harm).toEqual([]);
  await context.close();
});

test("an author cannot make a link that runs", async () => {
  const stream = smallTalk("Link");
  const [ask] = stream.cards;
  const text = { blocks: [{ type: "paragraph", spans: [{ text: "click", link: LINK }] }] };
  const site = await api.site("Links", { privacy: { consent_mode: "open" } });
  const made = await api.ok<{ id: string; draft_version: number; draft: object }>("POST", "/dialogues", {
    site_id: site.id,
    name: "Links",
  });
  const draft = { ...made.draft, stream: { ...stream, cards: [{ ...ask, text }, ...stream.cards.slice(1)] } };
  const answer = await api.send(
    "PATCH",
    `/dialogues/${made.id}`,
    { draft },
    { "if-match": `"${made.draft_version}"` },
  );
  const published = await api.send("POST", `/dialogues/${made.id}/publish`);
  expect([answer.status, published.status], "refused when saved or when published").toContain(422);
});
