import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Api, words } from "../support/api.ts";
import { collectProblems, inScheme, launchBrowser, seriousFindings } from "../support/browser.ts";
import { photograph } from "../support/camera.ts";
import { Chat } from "../support/chat.ts";
import { consoleTab, open, settled } from "../support/console.ts";
import { Designer } from "../support/designer.ts";
import { pageWith, snippet, startWebsite, type Website } from "../support/pages.ts";
import { pdf } from "../support/pdf.ts";
import { type Server, startDemo } from "../support/server.ts";

interface Row {
  id: string;
  name: string;
  has_unpublished_changes?: boolean;
}

let demo: Server;
let api: Api;
let website: Website;
let browser: Browser;
let office: BrowserContext;
let street: BrowserContext;
let problems: string[];

beforeAll(async () => {
  demo = await startDemo();
  website = await startWebsite();
  browser = await launchBrowser();
  api = new Api(demo);
});
afterAll(async () => {
  await browser?.close();
  await website?.stop();
  await demo?.stop();
});
beforeEach(async () => {
  office = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  street = await browser.newContext();
  problems = [];
  for (const context of [office, street]) context.setDefaultTimeout(10_000);
  problems = collectProblems(street);
});
afterEach(async () => {
  await office.close();
  await street.close();
  expect(problems).toEqual([]);
});

const file = (name: string, content: Uint8Array, mimeType = "application/pdf") => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});

/** The screen as it is, without serious findings, kept in both colour schemes. */
async function looked(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await inScheme(page, colorScheme);
    expect(await seriousFindings(page), name).toEqual([]);
    await photograph(page, `${name}-${colorScheme}`);
  }
  await inScheme(page, "light");
}

/** Drops a file on what stands in the middle of the screen, as a browser tells of it. */
async function drop(page: Page, name: string, content: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([title, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], title, { type: "application/pdf" }));
      return data;
    },
    [name, [...content]] as const,
  );
  const target = page.getByRole("region", { name: "The documents" });
  for (const kind of ["dragenter", "dragover", "drop"]) {
    await target.dispatchEvent(kind, { dataTransfer: transfer });
  }
}

test("documents are uploaded, shown by a dialogue, read by a visitor, and reported", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/documents");
  // What the demo offers itself.
  await page.getByRole("row").filter({ hasText: "cold chain" }).waitFor();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Upload" }).first().click(),
  ]);
  await chooser.setFiles([
    file("Weather guide.pdf", pdf(5, { 4: "thermometer" })),
    file("notes.txt", new TextEncoder().encode("no"), "text/plain"),
    file("Broken.pdf", new TextEncoder().encode("%PDF-1.4 and nothing behind it")),
  ]);
  const uploads = page.getByRole("region", { name: "Uploads" });
  await uploads.getByText("in the library").waitFor();
  await uploads.getByText("Only PDF files can be documents.").waitFor();
  await uploads.getByText(/damaged/).waitFor();
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await row("Weather guide").waitFor();
  await drop(page, "Price list.pdf", pdf(2));
  await row("Price list").waitFor();
  await uploads.getByText("Uploads are finished").waitFor();
  await looked(page, "documents-uploads");
  await uploads.getByRole("button", { name: "Clear" }).click();
  await uploads.waitFor({ state: "detached" });

  await page.getByRole("button", { name: "From an address" }).click();
  const adding = page.getByRole("dialog", { name: "A document from an address" });
  await adding.getByLabel("Address of the file").fill("http://169.254.169.254/brochure.pdf");
  await adding.getByRole("button", { name: "Fetch it" }).click();
  await adding.getByText(/cannot be used/).waitFor();
  await adding.getByRole("button", { name: "Cancel" }).click();

  const documents = await api.get<{ items: { id: string; name: string }[] }>("/documents");
  const guide = documents.items.find((one) => one.name === "Weather guide")?.id ?? "";
  await publishOffer(guide);
  await readIt(guide);

  await row("Weather guide").getByRole("link").click();
  await page.getByRole("heading", { name: "Weather guide", level: 1 }).waitFor();
  const readers = page.getByRole("region", { name: "Readers", exact: true });
  await readers.getByRole("link", { name: "Ada Reader" }).waitFor();
  await readers.getByText(/downloaded, searched for “thermometer”/).waitFor();
  await page.getByRole("region", { name: "Searches" }).getByText("thermometer").waitFor();
  await page.getByRole("img", { name: /Time on the page, page by page/ }).waitFor();
  const about = page.getByRole("complementary", { name: "About this document" });
  await about.getByRole("link", { name: "Offer" }).waitFor();
  await looked(page, "document-record");
  await page.getByText("Table", { exact: true }).click();
  await page.getByRole("columnheader", { name: "Time on it" }).waitFor();
  await looked(page, "document-record-table");
  await readers.getByRole("link", { name: "Ada Reader" }).click();
  await page.getByRole("heading", { name: "Ada Reader", level: 1 }).waitFor();
});

test("a document is renamed, replaced and, once nobody meets it, deleted", async () => {
  const documents = await api.get<{ items: { id: string; name: string }[] }>("/documents");
  const guide = documents.items.find((one) => one.name === "Weather guide")?.id ?? "";
  const page = await consoleTab(office, demo);
  await open(page, demo, `/documents/${guide}`);
  const menu = page.getByRole("button", { name: "More about this document" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("دليل الميدان");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await page.getByRole("heading", { name: "دليل الميدان", level: 1 }).waitFor();

  await menu.click();
  await page.getByRole("menuitem", { name: /Replace/ }).click();
  const replacing = page.getByRole("dialog", { name: "Replace the file" });
  await replacing.locator("input[type=file]").setInputFiles(file("empty.pdf", new Uint8Array()));
  await replacing.getByText("The file is empty.").waitFor();
  await page.locator("[role=menu]").waitFor({ state: "detached" });
  await looked(page, "document-replace");
  await replacing.locator("input[type=file]").setInputFiles(file("Second edition.pdf", pdf(7)));
  await replacing.waitFor({ state: "detached" });
  const about = page.getByRole("complementary", { name: "About this document" });
  await about.getByText("Number 2").waitFor();

  await menu.click();
  await page.getByRole("menuitem", { name: /Delete/ }).click();
  const used = page.getByRole("dialog", { name: "The document is in use" });
  await used.getByRole("link", { name: "Offer" }).waitFor();
  await page.locator("[role=menu]").waitFor({ state: "detached" });
  await looked(page, "document-in-use");
  await used.getByRole("button", { name: "Close" }).last().click();
  const offer = await api.get<{ items: { id: string }[] }>("/dialogues?q=Offer");
  await api.ok("POST", `/dialogues/${offer.items[0]?.id}/unpublish`);
  await page.reload();
  await settled(page);
  await menu.click();
  await page.getByRole("menuitem", { name: /Delete/ }).click();
  await page.getByText("These drafts show it").waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("heading", { name: "Documents", level: 1 }).waitFor();
  await expect.poll(async () => (await api.send("GET", `/documents/${guide}`)).status).toBe(404);
});

test("goals are counted together, renamed without touching a dialogue, and added in the designer", async () => {
  const page = await consoleTab(office, demo);
  await open(page, demo, "/goals");
  const row = (name: string) => page.getByRole("row").filter({ hasText: name });
  await row("Contact given").getByText("Welcome", { exact: false }).waitFor();
  await looked(page, "goals");
  await page.getByRole("button", { name: "New goal" }).click();
  const making = page.getByRole("dialog", { name: "New goal" });
  await making.getByLabel("Name").fill("contact GIVEN");
  await making.getByRole("button", { name: "Add the goal" }).click();
  await making.getByText("is or was the name of another goal").waitFor();
  await making.getByLabel("Name").fill("Trial begun");
  await making.getByRole("button", { name: "Add the goal" }).click();
  await row("Trial begun").waitFor();

  const reached = await row("Contact given").getByRole("cell").nth(1).innerText();
  await row("Contact given").getByRole("link").click();
  const panel = page.getByRole("dialog", { name: "Goal" });
  await panel.getByText("It can be deleted once no dialogue or flow uses it.").waitFor();
  await panel.getByLabel("Name").fill("Address given");
  await looked(page, "goal-panel");
  await panel.getByRole("button", { name: "Rename" }).click();
  await panel.getByText("Formerly").waitFor();
  await panel.getByRole("button", { name: "Close" }).click();
  await expect.poll(() => row("Address given").getByRole("cell").nth(1).innerText()).toBe(reached);
  expect(Number(reached.replaceAll(/\D/g, ""))).toBeGreaterThan(0);

  const welcome = (await api.get<{ items: Row[] }>("/dialogues?q=Welcome")).items;
  for (const one of welcome) {
    const checked = await api.ok<{ errors: unknown[] }>("POST", `/dialogues/${one.id}/check`);
    expect(checked.errors, one.name).toEqual([]);
    expect(one.has_unpublished_changes, one.name).toBe(false);
  }

  const sites = await api.get<{ items: Row[] }>("/sites?limit=1");
  const made = await api.ok<Row>("POST", "/dialogues", { site_id: sites.items[0]?.id, name: "Goal by hand" });
  const designer = await Designer.open(page, demo, made.id);
  await designer.add("Goal");
  await designer.goal("Won by hand");
  await designer.saved();
  await expect
    .poll(async () => (await api.get<{ items: Row[] }>("/goals")).items.map((one) => one.name))
    .toContain("Won by hand");

  await open(page, demo, "/goals");
  await row("Won by hand").getByText("Goal by hand").waitFor();
  await row("Trial begun").getByRole("link").click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await row("Trial begun").waitFor({ state: "detached" });
});

test("a webhook into our own network is given up, and the outbox says why", async () => {
  const security = { validate_origin: true, allowed_domains: ["127.0.0.1"] };
  const site = await api.site("Hooks", { privacy: { consent_mode: "open" }, security });
  await api.publish(
    site.id,
    "Caller",
    {
      start: "ask",
      cards: [
        {
          id: "ask",
          kind: "question",
          text: words("Shall we call?"),
          style: "buttons",
          responses: [
            { id: "yes", label: "Yes", next: "call" },
            { id: "no", label: "No", next: "bye" },
          ],
        },
        {
          id: "call",
          kind: "action",
          actions: [{ do: "call_webhook", url: `${website.url}/hook` }],
          next: "bye",
        },
        { id: "bye", kind: "message", text: words("Goodbye."), next: null },
      ],
    },
    { include: [`${website.url}/hooks`] },
  );
  website.pages.set("/hooks", { html: pageWith(snippet(demo.url, site.key)) });
  const visit = await street.newPage();
  await visit.goto(`${website.url}/hooks`);
  const chat = new Chat(visit);
  await chat.open();
  await chat.answer("Yes");
  await chat.hears("Goodbye.");

  const page = await consoleTab(office, demo);
  await open(page, demo, "/outbox?kind=webhook");
  const row = page.getByRole("row").filter({ hasText: "Caller" });
  await row.getByText("Given up").waitFor({ timeout: 20_000 });
  await row.getByText(/allowed_webhook_hosts/).waitFor();
  await page.getByRole("button", { name: "Show the secret" }).click();
  await page.getByText(/^whsec_/).waitFor();
  await looked(page, "outbox-webhooks");
  await row.getByRole("link").click();
  const call = page.getByRole("dialog", { name: "Caller" });
  await call.getByRole("button", { name: "Try again now" }).waitFor();
  await call.getByRole("link", { name: "The conversation" }).click();
  await page.getByText("Shall we call?").waitFor();
});

async function publishOffer(guide: string): Promise<void> {
  const security = { validate_origin: true, allowed_domains: ["127.0.0.1"] };
  const site = await api.site("Library", { privacy: { consent_mode: "open" }, security });
  const field = (id: string, label: string, attribute: string) => ({
    id,
    label,
    type: id === "email" ? "email" : "text",
    attribute,
    overwrite: "always",
  });
  await api.publish(
    site.id,
    "Offer",
    {
      start: "guide",
      cards: [
        { id: "guide", kind: "document", text: words("Our field guide."), document: guide, next: "who" },
        {
          id: "who",
          kind: "info_capture",
          text: words("Who are you?"),
          fields: [field("name", "Name", "person.full_name"), field("email", "E-mail", "person.email")],
          skip_if_known: false,
          required: true,
          next: "bye",
        },
        { id: "bye", kind: "message", text: words("Goodbye."), next: null },
      ],
    },
    { include: [`${website.url}/*`] },
  );
  website.pages.set("/", { html: pageWith(snippet(demo.url, site.key)) });
}

/** A visitor opens the document, searches, downloads, reads on, and says who she is. */
async function readIt(guide: string): Promise<void> {
  const visit = await street.newPage();
  await visit.goto(`${website.url}/`);
  const chat = new Chat(visit);
  await chat.open();
  await chat.panel.getByRole("button", { name: "Weather guide" }).click();
  const viewer = visit.frameLocator("iframe[title='Weather guide']");
  const toolbar = viewer.getByRole("toolbar", { name: "Weather guide" });
  await toolbar.getByText("Page 1 of 5").waitFor();
  await toolbar.getByRole("button", { name: "Next page" }).click();
  await toolbar.getByText("Page 2 of 5").waitFor();
  await viewer.getByRole("searchbox").fill("thermometer");
  await toolbar.getByText("Page 4 of 5").waitFor();
  await Promise.all([
    visit.waitForEvent("download"),
    toolbar.getByRole("link", { name: "Download" }).click(),
  ]);
  const read = async () =>
    (await api.get<{ figures: Record<string, number> }>(`/documents/${guide}/report`)).figures;
  await expect.poll(read, { timeout: 10_000 }).toMatchObject({ searches: 1, downloads: 1 });
  await viewer.getByRole("searchbox").focus();
  await visit.keyboard.press("Escape");
  await visit.locator("iframe").waitFor({ state: "detached" });
  await chat.panel.getByRole("button", { name: "Continue" }).click();
  await chat.field("Name").fill("Ada Reader");
  await chat.field("E-mail").fill("ada@reader.example");
  await chat.send();
  await chat.hears("Goodbye.");
}
