import type { Locator } from "playwright-core";
import type { Chat } from "./chat.ts";
import type { Designer } from "./designer.ts";

/** A field of a form, as an author types it. */
interface Field {
  type: "Text" | "E-mail" | "Phone" | "Long text" | "Consent" | "Picklist";
  label: string;
  options?: string[];
  /** Label of the attribute that keeps it. */
  keep?: string;
}

/** A condition of a branch: attribute, comparison and number, by the words on the screen. */
type Condition = [attribute: string, comparison: string, number?: string];

type Doing =
  | { card: "Message"; says: string }
  | { card: "Question"; asks: string; responses: string[] }
  | { card: "Form"; asks: string; fields: Field[] }
  | { card: "Goal"; goal: string }
  | { card: "Meeting"; says: string }
  | { card: "Document"; says: string; document: string }
  | { card: "Live chat"; says: string; fallback: string }
  | { card: "AI answer"; asks: string; fallback: string }
  | { card: "Action"; points?: number; moment?: string }
  | { card: "Branch"; cases: { name: string; conditions: Condition[] }[] };

/** A card, and where each way on leads; one way without a name is a text alone. */
export type HandCard = Doing & { title: string; to?: string | Record<string, string> };

/** A step of a visitor's walk. */
type Step =
  | { choose: string }
  | { hears: string }
  | { press: string }
  | { ask: string }
  | { fill: Record<string, string | true> };

/** A conversation that is built by hand, and the walks through it. */
export interface HandBuilt {
  name: string;
  /** The first is where it starts. */
  cards: HandCard[];
  walks: Step[][];
}

/** Drags every card out of the palette, types its words, then draws every connection. */
export async function build(designer: Designer, made: HandBuilt): Promise<void> {
  await designer.clear();
  for (const [index, card] of made.cards.entries()) {
    await designer.dragTo(card.card, { x: (index % 4) * 400, y: Math.floor(index / 4) * 320 });
    await write(designer, card);
    await designer.write("Title", card.title);
    await designer.closePanel();
  }
  await designer.fit();
  for (const { title, to } of made.cards) {
    const ways = typeof to === "string" ? [[null, to] as const] : Object.entries(to ?? {});
    for (const [exit, target] of ways) await designer.connectTitled(title, exit, target);
  }
}

async function write(designer: Designer, card: Doing): Promise<void> {
  switch (card.card) {
    case "Message":
    case "Meeting":
      return designer.write("Says", card.says);
    case "Document":
      await designer.write("Says", card.says);
      return pick(designer.dock.getByLabel("Document"), card.document);
    case "Question":
      await designer.write("Asks", card.asks);
      return writeResponses(designer, card.responses);
    case "Form":
      await designer.write("Asks", card.asks);
      return writeFields(designer, card.fields);
    case "Goal":
      return designer.goal(card.goal);
    case "Live chat":
      await designer.write("Says", card.says);
      await designer.dock.getByLabel("Words of its own when nobody takes the chat").check();
      return designer.write("Nobody takes the chat", card.fallback);
    case "AI answer":
      await designer.write("Asks", card.asks);
      return designer.write("Says when it has no answer", card.fallback);
    case "Action":
      return writeActions(designer, card);
    case "Branch":
      return writeCases(designer, card.cases);
  }
}

async function writeResponses({ dock }: Designer, responses: string[]): Promise<void> {
  const section = dock.getByRole("region", { name: "Responses" });
  for (const [index, label] of responses.entries()) {
    if (index >= 2) await section.getByRole("button", { name: "Response", exact: true }).click();
    await section.getByLabel(`Response ${index + 1}`, { exact: true }).fill(label);
  }
}

/** A new form asks for an e-mail address; every other field is added from the menu. */
async function writeFields(designer: Designer, fields: Field[]): Promise<void> {
  const section = designer.dock.getByRole("region", { name: "Fields" });
  const items = section.getByRole("listitem");
  for (const [index, field] of fields.entries()) {
    const item = items.nth(index);
    if (index === 0) {
      if (field.type !== "E-mail") await pick(item.getByLabel("Type"), field.type);
    } else {
      await section.getByRole("button", { name: "Field", exact: true }).click();
      await designer.page.getByRole("menuitem", { name: field.type, exact: true }).click();
    }
    await item.getByLabel("Label", { exact: true }).fill(field.label);
    if (field.options) await item.getByLabel("Options").fill(field.options.join("\n"));
    if (field.keep) await pick(item.getByLabel("Keep it in"), field.keep);
  }
}

async function writeActions(designer: Designer, of: { points?: number; moment?: string }): Promise<void> {
  const { dock, page } = designer;
  const add = async (name: string) => {
    await dock.getByRole("button", { name: "Action", exact: true }).click();
    await page.getByRole("menuitem", { name, exact: true }).click();
  };
  if (of.points !== undefined) {
    await add("Change the score");
    await dock.getByLabel("Points").fill(String(of.points));
  }
  if (of.moment !== undefined) {
    await add("Mark an interesting moment");
    await dock.getByLabel("What the salesperson reads").fill(of.moment);
  }
}

async function writeCases(
  { dock }: Designer,
  cases: { name: string; conditions: Condition[] }[],
): Promise<void> {
  const section = dock.getByRole("region", { name: "Cases" });
  for (const [index, { name, conditions }] of cases.entries()) {
    if (index > 0) await section.getByRole("button", { name: "Case", exact: true }).click();
    const item = section.locator("ol > li").nth(index);
    await item.getByLabel(`Name of case ${index + 1}`).fill(name);
    for (const [nth, [attribute, comparison, number]] of conditions.entries()) {
      await item.getByRole("button", { name: "Condition", exact: true }).click();
      await pick(item.getByLabel("Attribute").nth(nth), attribute);
      await pick(item.getByLabel("Comparison").nth(nth), comparison);
      if (number !== undefined) await item.getByLabel("Number").nth(nth).fill(number);
    }
  }
}

/** Chooses in a list that opens. */
async function pick(field: Locator, option: string): Promise<void> {
  await field.click();
  await field.page().getByRole("option", { name: option, exact: true }).click();
}

/** Talks as the walk says, to the end of the conversation. */
export async function walk(chat: Chat, steps: Step[]): Promise<void> {
  for (const step of steps) {
    if ("choose" in step) await chat.answer(step.choose);
    else if ("hears" in step) await chat.hears(step.hears);
    else if ("press" in step) await chat.panel.getByRole("button", { name: step.press, exact: true }).click();
    else if ("ask" in step) {
      await chat.panel.getByRole("textbox").fill(step.ask);
      await chat.page.keyboard.press("Enter");
    } else {
      for (const [label, value] of Object.entries(step.fill)) await fillIn(chat, label, value);
      await chat.send();
    }
  }
  await chat.ended();
}

async function fillIn(chat: Chat, label: string, value: string | true): Promise<void> {
  const field = chat.field(label);
  if (value === true) await field.check();
  else if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
  else await field.fill(value);
}
