import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { open } from "./console.ts";
import type { Demo } from "./server.ts";

/** The designer as its authors use it: by what stands on the cards, by pointer and by key. */
export class Designer {
  readonly page: Page;
  /** What has the keyboard for moving among cards. */
  readonly canvas: Locator;
  /** What stands beside the canvas. */
  readonly dock: Locator;

  constructor(page: Page) {
    this.page = page;
    this.canvas = page.getByRole("application", { name: "Canvas of cards" });
    this.dock = page
      .getByRole("complementary")
      .filter({ has: page.getByRole("button", { name: "Close the panel" }) });
  }

  static async open(page: Page, demo: Demo, id: string): Promise<Designer> {
    await open(page, demo, `/dialogues/${id}`);
    const designer = new Designer(page);
    await designer.canvas.waitFor();
    return designer;
  }

  /** The card with these words on it. */
  card(words: string | RegExp): Locator {
    return this.canvas.getByRole("group").filter({ hasText: words }).first();
  }

  /** Clicks a card, so that its panel opens. */
  async choose(words: string | RegExp): Promise<void> {
    await this.card(words).click();
    await this.dock.waitFor();
  }

  /** Adds a card by its name behind the one that is chosen; its panel opens. */
  async add(name: string): Promise<void> {
    await this.page.getByRole("button", { name: `Add: ${name}`, exact: true }).click();
    await this.dock.getByRole("heading", { name, exact: true }).waitFor();
  }

  /** Writes over what stands in a field of the panel. */
  async write(label: string, words: string): Promise<void> {
    await this.dock.getByLabel(label, { exact: true }).fill(words);
  }

  /** Says which goal a card marks; one that is new joins the library. */
  async goal(name: string): Promise<void> {
    const field = this.dock.getByRole("textbox", { name: "Goal", exact: true });
    await field.fill(name);
    await this.page.getByRole("option", { name }).first().waitFor();
    await field.press("Enter");
  }

  /** Drags a card of the palette to a place on the canvas, or onto what is there. */
  async drag(name: string, at: { x: number; y: number }): Promise<void> {
    const from = this.page.getByRole("button", { name: `Add: ${name}`, exact: true });
    await from.dragTo(this.canvas, { targetPosition: at });
    await this.dock.getByRole("heading", { name, exact: true }).waitFor();
  }

  /** Draws a connection from the way out with this label (none: the only one) to a card. */
  async connect(from: string | RegExp, exit: string | null, to: string | RegExp): Promise<void> {
    const outs = this.card(from).locator("[data-exit]");
    const labels = await this.card(from).locator("[data-exit-label]").allTextContents();
    await this.wire(outs.nth(exit === null ? 0 : labels.indexOf(exit)), this.card(to));
  }

  /** The same, for cards by their titles. */
  async connectTitled(from: string, exit: string | null, to: string): Promise<void> {
    const outs = this.titled(from).locator("[data-exit]");
    const labels = await this.titled(from).locator("[data-exit-label]").allTextContents();
    await this.wire(outs.nth(exit === null ? 0 : labels.indexOf(exit)), this.titled(to));
  }

  /** The card with exactly this title. */
  titled(title: string): Locator {
    return this.canvas.getByRole("group").filter({ has: this.page.getByText(title, { exact: true }) });
  }

  private async wire(out: Locator, to: Locator): Promise<void> {
    const [a, b] = [await out.boundingBox(), await to.boundingBox()];
    if (a === null || b === null) throw new Error("not on the canvas");
    await this.page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(b.x + b.width / 2, b.y + b.height / 3, { steps: 6 });
    await this.page.mouse.up();
  }

  /** Takes every card away, so that the canvas is empty. */
  async clear(): Promise<void> {
    await this.canvas.focus();
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.press("Delete");
    await this.page.getByText("Drag the first card here").waitFor();
  }

  /** Drags a card of the palette to a place of the canvas' own measure, which is brought into view. */
  async dragTo(name: string, at: { x: number; y: number }): Promise<void> {
    const room = await this.canvas.boundingBox();
    if (room === null) throw new Error("there is no canvas");
    if ((await this.canvas.getByRole("group").count()) > 0) await this.fit();
    let place = await this.seenAt(at);
    for (let tries = 0; tries < 8 && !within(place, room); tries += 1) {
      await this.page.getByRole("button", { name: "Zoom out" }).click();
      await this.atRest();
      place = await this.seenAt(at);
    }
    await this.drag(name, place);
  }

  /** Where a point of the canvas' own measure is seen, from the canvas' corner. */
  private seenAt(at: { x: number; y: number }): Promise<{ x: number; y: number }> {
    return this.page.locator(".react-flow__viewport").evaluate((view, { x, y }) => {
      const { a, e, f } = new DOMMatrix(getComputedStyle(view).transform);
      return { x: x * a + e, y: y * a + f };
    }, at);
  }

  async closePanel(): Promise<void> {
    await this.page.getByRole("button", { name: "Close the panel" }).click();
    await this.dock.waitFor({ state: "detached" });
  }

  /** Shows all cards, as large as they fit. */
  async fit(): Promise<void> {
    await this.page.getByRole("button", { name: "Show all cards" }).click();
    await this.atRest();
  }

  /** Waits until the view stands still. */
  private async atRest(): Promise<void> {
    // The view has come to rest when it is the same in two frames.
    await this.page.waitForFunction(
      () => {
        const view = document.querySelector<HTMLElement>(".react-flow__viewport");
        const [before, now] = [view?.dataset.seen, view?.style.transform ?? ""];
        if (view) view.dataset.seen = now;
        return before === now;
      },
      undefined,
      { polling: 120 },
    );
  }

  /** Waits until everything is on the server. */
  async saved(): Promise<void> {
    await this.page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
  }

  /** Publishes, and waits until visitors see it. */
  async publish(): Promise<void> {
    await this.page.getByRole("button", { name: /^Publish( changes)?$/ }).click();
    const panel = this.page.getByRole("dialog");
    await panel.getByRole("button", { name: "Publish", exact: true }).click();
    await this.page.getByRole("button", { name: "Published", exact: true }).waitFor();
  }

  /** What the check has to say now. */
  async expectClean(): Promise<void> {
    await this.saved();
    await expect.poll(() => this.page.getByRole("button", { name: /to mend/ }).count()).toBe(0);
  }
}

/** Far enough from the border for a card to be let go there. */
function within(at: { x: number; y: number }, room: { width: number; height: number }): boolean {
  const [beside, above] = [120, 64];
  return at.x > beside && at.x < room.width - beside && at.y > above && at.y < room.height - above;
}
