import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { type Api, words } from "./api.ts";
import { consoleTab, open } from "./console.ts";
import type { Demo } from "./server.ts";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

interface AgentRow {
  id: string;
  name: string;
  email: string;
  version: number;
}

/** Gives these agents hours around the clock; they are known by their sign-in. In the order asked for. */
export async function onDuty(api: Api, emails: string[]): Promise<AgentRow[]> {
  const { items } = await api.get<{ items: AgentRow[] }>("/agents");
  const week = Object.fromEntries(DAYS.map((day) => [day, [{ from: "00:00", to: "24:00" }]]));
  const live_chat = { time_zone: "UTC", week, days_off: [], extra_days: [] };
  const agents = emails.map((email) => {
    const found = items.find((one) => one.email === email);
    if (!found) throw new Error(`${email} is no agent`);
    return found;
  });
  for (const { id, version } of agents) {
    await api.ok("PATCH", `/agents/${id}`, { live_chat }, { "if-match": `"${version}"` });
  }
  return agents;
}

/** An agent in a browser of his or her own, connected and ready to be asked. */
export class Desk {
  readonly page: Page;
  readonly context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async open(
    browser: Browser,
    demo: Demo,
    email: string,
    options: Parameters<Browser["newContext"]>[0] = {},
    prepare?: (context: BrowserContext) => Promise<void>,
  ): Promise<Desk> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    await prepare?.(context);
    const page = await consoleTab(context, demo, email);
    await open(page, demo, "/inbox");
    await Desk.connected(page);
    return new Desk(context, page);
  }

  /** Waits until the server knows that this agent's console is open. */
  static async connected(page: Page): Promise<void> {
    await expect
      .poll(() =>
        page.evaluate(async () => {
          const answer = await fetch("/api/v1/live/me");
          return answer.ok && ((await answer.json()) as { connected: boolean }).connected;
        }),
      )
      .toBe(true);
  }

  get offer() {
    return this.page.getByRole("region", { name: "Chats offered to you" }).getByRole("article");
  }
  get messages() {
    return this.page.getByRole("list", { name: "Messages" });
  }
  get field() {
    return this.page.getByRole("textbox", { name: "Message to the visitor" });
  }

  /** Waits until this stands in the conversation. */
  async hears(text: string | RegExp): Promise<void> {
    await this.messages.getByText(text).last().waitFor();
  }

  /** Writes to the visitor, by keyboard. */
  async says(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
    await this.hears(text);
  }

  /** Chooses an entry of the chat's menu. */
  async does(entry: string): Promise<void> {
    await this.page.getByRole("button", { name: "More", exact: true }).click();
    await this.page.getByRole("menuitem", { name: entry }).click();
  }
}

/** Hands over to whoever is free. */
export const handover = (greeting: string, more: object = {}) => ({
  start: "ask",
  cards: [
    {
      id: "ask",
      kind: "question",
      text: words(greeting),
      style: "buttons",
      responses: [
        { id: "human", label: "Talk to somebody", next: "live" },
        { id: "no", label: "No, thank you", next: "bye" },
      ],
    },
    {
      id: "live",
      kind: "live_chat",
      text: words("One moment, please."),
      routing: { by: "round_robin" },
      fallback: words("Nobody is free right now. Please write to us."),
      ...more,
    },
    { id: "bye", kind: "message", text: words("Goodbye."), next: null },
  ],
});
