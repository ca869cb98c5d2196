import type { Page } from "playwright-core";
import type { Api } from "./api.ts";

/** What opens over a screen of the console without an address of its own. */
export interface Panel {
  name: string;
  /** The screen below `/console`. */
  at: (api: Api) => Promise<string>;
  open: (page: Page) => Promise<void>;
}

interface Row {
  id: string;
  pending?: boolean;
}

const plain = (path: string) => async () => path;
const record =
  (list: string, path: string, which: (row: Row) => boolean = () => true) =>
  async (api: Api) => {
    const { items } = await api.get<{ items: Row[] }>(list);
    const row = items.find(which);
    if (!row) throw new Error(`${list} has no row to open`);
    return path.replace("ID", row.id);
  };

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

/** Presses a button, and waits for the dialog. */
const dialog = (name: string | RegExp) => async (page: Page) => {
  await button(page, name).click();
  await page.getByRole("dialog").waitFor();
};

/** Opens a menu, and leaves it open. */
const menu = (name: string | RegExp) => async (page: Page) => {
  await button(page, name).click();
  await page.getByRole("menu").waitFor();
};

/** Opens a menu, chooses an entry, and waits for its dialog. */
const chosen = (name: string | RegExp, entry: string | RegExp) => async (page: Page) => {
  await menu(name)(page);
  await page.getByRole("menuitem", { name: entry }).click();
  await page.getByRole("dialog").waitFor();
};

const pressed = (keys: string) => async (page: Page) => {
  await page.keyboard.press(keys);
  await page.getByRole("dialog").waitFor();
};

const dialogue = record("/dialogues?limit=1", "/dialogues/ID/design");
const ownProfile = async (api: Api) => {
  const made = await api.ok<Row>("POST", "/profiles", {
    name: `Looked at ${Date.now()}`,
    permissions: ["dialogues.view"],
  });
  return `/profiles/${made.id}`;
};
const withList = async (api: Api) => {
  await api.ok("POST", "/lists", { name: `Looked at ${Date.now()}` });
  return "/lists";
};
const withAttribute = async (api: Api) => {
  const key = `looked_${Date.now()}`;
  await api.ok("POST", "/attributes", { of: "person", name: key, label: `Looked ${key}`, type: "text" });
  return "/attributes";
};
const withResponse = async (api: Api) => {
  await api.ok("POST", "/responses", {
    question: `Who looks at ${Date.now()}?`,
    answer: { blocks: [{ type: "paragraph", spans: [{ text: "Everybody." }] }] },
    state: "approved",
  });
  return "/responses";
};
const withMail = async (api: Api) => {
  const profiles = await api.get<{ items: Row[] }>("/profiles?limit=1");
  const email = `looked.${Date.now()}@tidewater.example`;
  await api.ok("POST", "/users/invitations", { email, profile_id: profiles.items[0]?.id });
  return record("/outbox?limit=1", "/outbox?open=ID")(api);
};

/** Every dialog, panel and menu of the console that has no address of its own. */
export const PANELS: readonly Panel[] = [
  { name: "shortcuts", at: plain("/"), open: pressed("?") },
  { name: "palette", at: plain("/people"), open: pressed("Control+k") },
  { name: "text-import", at: plain("/dialogues"), open: dialog("Import text") },
  { name: "text-plan", at: plain("/dialogues"), open: plan },
  { name: "text", at: dialogue, open: chosen("More about this dialogue", "As text") },
  { name: "dialogue-menu", at: dialogue, open: menu("More about this dialogue") },
  { name: "dialogue-delete", at: dialogue, open: chosen("More about this dialogue", /^Delete/) },
  { name: "publish", at: draft, open: dialog(/^Publish/) },
  {
    name: "person-menu",
    at: async (api) => {
      const found = await api.ok<{ items: Row[] }>("POST", "/people/search", { known: true, limit: 1 });
      return `/people/${found.items[0]?.id}`;
    },
    open: menu("More about this person"),
  },
  {
    name: "person-erase",
    at: async (api) => {
      const found = await api.ok<{ items: Row[] }>("POST", "/people/search", { known: true, limit: 1 });
      return `/people/${found.items[0]?.id}`;
    },
    open: chosen("More about this person", /^Erase/),
  },
  { name: "import-delete", at: record("/imports?limit=1", "/imports/ID"), open: dialog("Delete") },
  { name: "list-rename", at: withList, open: chosen(/^More about Looked at/, "Rename") },
  { name: "list-delete", at: withList, open: chosen(/^More about Looked at/, /^Delete/) },
  { name: "attribute-edit", at: withAttribute, open: chosen(/^More about Looked/, "Edit") },
  { name: "attribute-delete", at: withAttribute, open: chosen(/^More about Looked/, /^Delete/) },
  { name: "response-menu", at: withResponse, open: menu(/^More about Who looks/) },
  { name: "response-edit", at: withResponse, open: dialog(/^Who looks/) },
  { name: "library-menu", at: plain("/responses"), open: menu("More about the library") },
  { name: "library-upload", at: plain("/responses"), open: chosen("More about the library", /^Upload/) },
  { name: "library-refused", at: plain("/responses"), open: refused },
  { name: "response-tried", at: withResponse, open: tried },
  { name: "profile-delete", at: ownProfile, open: dialog(/^Delete/) },
  {
    name: "user-delete",
    at: record("/users?limit=100", "/users/ID", (user) => !user.pending),
    open: dialog(/^Delete/),
  },
  { name: "token-revoke", at: plain("/tokens"), open: dialog("Revoke") },
  {
    name: "site-delete",
    at: record("/sites?limit=1", "/sites/ID?tab=general"),
    open: dialog(/^Delete/),
  },
  { name: "mail", at: withMail, open: async (page) => page.getByRole("dialog").waitFor() },
  {
    name: "audit-entry",
    at: record("/audit-log?limit=1", "/audit-log?open=ID"),
    open: async (page) => page.getByRole("dialog").waitFor(),
  },
];

/** A dialogue that was never published. */
async function draft(api: Api): Promise<string> {
  const [site] = (await api.get<{ items: Row[] }>("/sites")).items;
  const made = await api.ok<Row>("POST", "/dialogues", {
    site_id: site?.id,
    name: `Looked at ${Date.now()}`,
    template: "qualify",
  });
  return `/dialogues/${made.id}/design`;
}

/** A text with a fault in it: the plan says where. */
async function plan(page: Page): Promise<void> {
  await dialog("Import text")(page);
  const shown = page.getByRole("dialog", { name: "Import text" });
  await shown.getByLabel("Text of a dialogue, a flow or a site").fill('kind = "dialogue"\nnmae = "Wrong"\n');
  await shown.getByRole("button", { name: "Show the plan" }).click();
  await shown.getByText("This cannot be imported as it stands").waitFor();
}

/** A file of responses with a row that is refused. */
async function refused(page: Page): Promise<void> {
  await chosen("More about the library", /^Upload/)(page);
  const buffer = Buffer.from("question,answer\nWhy?,Because.\nHow?,a **b\n");
  await page.getByLabel("CSV file").setInputFiles({ name: "some.csv", mimeType: "text/csv", buffer });
  await page.getByText("One row is refused").waitFor();
}

async function tried(page: Page): Promise<void> {
  await page.getByLabel("Try a question").fill("Who looks at it?");
  await page.getByRole("status").filter({ hasText: "Everybody." }).waitFor();
}
