import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { BrowserContext, Page } from "playwright-core";

/** What was pushed, opened as a browser would. */
export interface Pushed {
  ttl: number;
  urgency: string;
  content: { title: string; body: string; path: string; chat_id: string | null };
}

interface Subscription {
  id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
}

const PROGRAM = resolve(import.meta.dirname, "../../../crates/testkit/simulators/push.mjs");

/** A push service of the test's own, as browsers have one: Chromium's is out of reach here. */
export class PushService {
  readonly url: string;
  private readonly process: ChildProcess;
  private made: Subscription | undefined;

  private constructor(process: ChildProcess, port: number) {
    this.process = process;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<PushService> {
    const child = spawn("node", [PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
    const told = await new Promise<string>((settle) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", settle);
    });
    return new PushService(child, (JSON.parse(told) as { port: number }).port);
  }

  stop(): void {
    this.process.stdin?.end();
  }

  /** Puts the service in the place of the browser's own, in all tabs that are opened from now on. */
  async serve(context: BrowserContext): Promise<void> {
    await context.exposeFunction("subscribeForTests", async (server_key: string) => {
      const body = JSON.stringify({ server_key });
      const answer = await fetch(`${this.url}/subscriptions`, { method: "POST", body });
      this.made = (await answer.json()) as Subscription;
      return this.made;
    });
    await context.addInitScript(() => {
      const KEPT = "subscription-for-tests";
      const bytes = (text: string) =>
        Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;
      const text = (key: BufferSource) =>
        btoa(String.fromCharCode(...new Uint8Array(key as ArrayBuffer)))
          .replaceAll("+", "-")
          .replaceAll("/", "_")
          .replaceAll("=", "");
      const made = () => {
        const kept = localStorage.getItem(KEPT);
        if (!kept) return null;
        const { endpoint, p256dh, auth, server_key } = JSON.parse(kept);
        return {
          endpoint,
          options: { applicationServerKey: bytes(server_key) },
          getKey: (name: string) => bytes(name === "auth" ? auth : p256dh),
          unsubscribe: async () => {
            localStorage.removeItem(KEPT);
            return true;
          },
        };
      };
      const subscribe = Reflect.get(window, "subscribeForTests") as (key: string) => Promise<object>;
      Object.assign(PushManager.prototype, {
        getSubscription: async () => made(),
        subscribe: async ({ applicationServerKey }: { applicationServerKey: BufferSource }) => {
          const server_key = text(applicationServerKey);
          localStorage.setItem(KEPT, JSON.stringify({ ...(await subscribe(server_key)), server_key }));
          return made();
        },
      });
    });
  }

  /** What came for the browser. */
  async pushed(): Promise<Pushed[]> {
    if (!this.made) return [];
    const answer = await fetch(`${this.url}/subscriptions/${this.made.id}`);
    return ((await answer.json()) as { messages: Pushed[] }).messages;
  }

  /** Hands something to the console's worker, as the browser does with what its push service brings. */
  async bring(page: Page, origin: string, { content }: Pushed): Promise<void> {
    const tools = await page.context().newCDPSession(page);
    const known = new Promise<string>((settle) => {
      tools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const own = registrations.find((one) => one.scopeURL === `${origin}/console/` && !one.isDeleted);
        if (own) settle(own.registrationId);
      });
    });
    await tools.send("ServiceWorker.enable");
    const registrationId = await known;
    const data = JSON.stringify(content);
    await tools.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
    await tools.detach();
  }
}
