/**
 * The console's service worker. It shows what is pushed to this browser while nobody looks at the console, and leads there.
 * It serves no files and keeps none. Built to a file of its own that imports nothing.
 */

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Pushed extends Waiting {
  data: { json(): unknown } | null;
}
interface Clicked extends Waiting {
  notification: Notification;
}
interface Tab {
  url: string;
  visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
interface Worker {
  clients: {
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly Tab[]>;
    openWindow(path: string): Promise<unknown>;
    claim(): Promise<void>;
  };
  registration: { showNotification(title: string, options: NotificationOptions): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", run: (event: Waiting) => void): void;
  addEventListener(kind: "push", run: (event: Pushed) => void): void;
  addEventListener(kind: "notificationclick", run: (event: Clicked) => void): void;
}

const worker = self as unknown as Worker;
const HOME = "/console/inbox";

const text = (value: unknown, otherwise = ""): string => (typeof value === "string" ? value : otherwise);

/** What was pushed, as far as it is what the server sends. */
function read(event: Pushed): { title: string; body: string; path: string; tag: string } {
  let content: Record<string, unknown> = {};
  try {
    content = (event.data?.json() ?? {}) as Record<string, unknown>;
  } catch {
    // Something must be shown all the same: browsers want it.
  }
  const path = text(content.path);
  return {
    title: text(content.title, "Usher calls you"),
    body: text(content.body),
    path: path.startsWith("/console/") ? path : HOME,
    // What is told of a chat later takes the place of what was told before.
    tag: text(content.chat_id, "usher"),
  };
}

const tabs = async (): Promise<readonly Tab[]> => {
  const all = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter((tab) => new URL(tab.url).pathname.startsWith("/console"));
};

async function show(event: Pushed): Promise<void> {
  const { title, body, path, tag } = read(event);
  // Whoever looks at the console sees it there.
  if ((await tabs()).some((tab) => tab.visibilityState === "visible")) return;
  await worker.registration.showNotification(title, { body, tag, data: { path } });
}

async function lead(notification: Notification): Promise<void> {
  notification.close();
  const path = text((notification.data as { path?: unknown } | null)?.path, HOME);
  const [tab] = await tabs();
  if (!tab) {
    await worker.clients.openWindow(path);
    return;
  }
  await tab.focus();
  tab.postMessage({ t: "open", path });
}

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => event.waitUntil(show(event)));
worker.addEventListener("notificationclick", (event) => event.waitUntil(lead(event.notification)));

export {};
