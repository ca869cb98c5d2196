import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** The widget on a page, as a visitor sees it: by roles and names, through its shadow root. */
export class Chat {
  readonly page: Page;
  /** The conversation. */
  readonly panel: Locator;
  /** The round button in the corner. */
  readonly anchor: Locator;
  /** The first card's words beside the button. */
  readonly poke: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole("dialog", { name: /: chat$/ });
    this.anchor = page.locator("usher-widget button.anchor");
    this.poke = page.locator("usher-widget .poke-text");
  }

  /** Opens the conversation by the poke or, where there is none, by the button. */
  async open(): Promise<void> {
    await this.anchor.waitFor();
    if ((await this.anchor.getAttribute("aria-expanded")) !== "true") await this.anchor.click();
    await this.panel.waitFor();
  }

  async close(): Promise<void> {
    await this.panel.getByRole("button", { name: "Close chat" }).click();
    await this.panel.waitFor({ state: "hidden" });
  }

  /** Waits until somebody has said this. */
  async hears(words: string | RegExp): Promise<void> {
    await this.panel.getByRole("log").getByText(words).last().waitFor();
  }

  /** Clicks a response. */
  async answer(label: string): Promise<void> {
    await this.panel.getByRole("group").getByRole("button", { name: label, exact: true }).click();
  }

  /** The offered responses, once there are some. */
  async offered(): Promise<string[]> {
    const buttons = this.panel.getByRole("group").getByRole("button");
    await buttons.first().waitFor();
    return buttons.allInnerTexts();
  }

  field(label: string): Locator {
    return this.panel.getByLabel(label, { exact: true });
  }

  /** Sends the form that waits. */
  async send(): Promise<void> {
    await this.panel.getByRole("form").getByRole("button", { name: "Send" }).click();
  }

  /** Waits for the end of the conversation. */
  async ended(): Promise<void> {
    await this.panel.getByText("This conversation has ended.").waitFor();
  }

  /** What the visitor said, in order. */
  said(): Promise<string[]> {
    return this.panel.locator(".row.visitor .bubble").evaluateAll((all) =>
      all.map((one) => {
        const copy = one.cloneNode(true) as HTMLElement;
        for (const hidden of copy.querySelectorAll(".sr")) hidden.remove();
        return (copy.textContent ?? "").trim();
      }),
    );
  }

  /** Waits until the visitor has said exactly this. */
  async hasSaid(words: string[]): Promise<void> {
    await expect.poll(() => this.said()).toEqual(words);
  }
}
