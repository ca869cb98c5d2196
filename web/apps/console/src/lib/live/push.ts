/** This browser as one that notifications are pushed to: its worker, its subscription, and for whom it is. */
import type { MyNotifications, PushBrowser } from "@usher/api";
import { api } from "#lib/api/client.ts";

const WORKER = "/console/push-worker.js";
const SCOPE = "/console/";
/** Who switched it on here: the next who signs in at this browser has not. */
const MARK = "usher.push";

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string;
  };
}
let address: string | undefined;

/** The worker's address in the form that the content security policy asks for. */
function workerAddress(): string {
  const policies = (window as unknown as { trustedTypes?: Policies }).trustedTypes;
  address ??= policies
    ? policies.createPolicy("usher-worker", { createScriptURL: () => WORKER }).createScriptURL(WORKER)
    : WORKER;
  return address;
}

/** Whether somebody switched it on in this browser. */
export function isPushedHere(): boolean {
  return localStorage.getItem(MARK) !== null;
}

export type PushState = "unsupported" | "denied" | "off" | "on";

/** How it stands with this browser. */
export function pushState(browsers: readonly PushBrowser[]): PushState {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && browsers.some((one) => one.current) ? "on" : "off";
}

/** Bytes of base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** Base64url of bytes. */
export function textOf(bytes: ArrayBuffer | null): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function worker(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(workerAddress(), { scope: SCOPE });
  return navigator.serviceWorker.ready;
}

/** Subscribes with the browser's push service, for this server's key. */
async function subscription(key: string): Promise<PushSubscription> {
  const { pushManager } = await worker();
  const known = await pushManager.getSubscription();
  if (known && textOf(known.options.applicationServerKey) === key) return known;
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
}

/** Tells the server where this browser is reached. */
async function tell(made: PushSubscription): Promise<void> {
  await api.put<PushBrowser>("/me/push-subscriptions", {
    endpoint: made.endpoint,
    p256dh: textOf(made.getKey("p256dh")),
    auth: textOf(made.getKey("auth")),
  });
}

/** Switches it on, asking the person first; false when the person refuses. */
export async function pushHere(user: string, key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  await tell(await subscription(key));
  localStorage.setItem(MARK, user);
  return true;
}

/** Switches it off. */
export async function pushNoMore(browser: PushBrowser | undefined): Promise<void> {
  localStorage.removeItem(MARK);
  if (browser) await api.delete(`/me/push-subscriptions/${browser.id}`);
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** After signing in anew: a browser that was switched on by the same person goes on. */
export async function pushAgain(user: string): Promise<void> {
  if (!("serviceWorker" in navigator) || localStorage.getItem(MARK) !== user) return;
  const mine = await api.get<MyNotifications>("/me/notifications");
  if (Notification.permission !== "granted" || pushState(mine.browsers) === "unsupported") return;
  const made = await subscription(mine.push_key);
  if (!mine.browsers.some((one) => one.current)) await tell(made);
}

/** Goes where a notification leads that was clicked. */
export function onLed(go: (path: string) => void): () => void {
  if (!("serviceWorker" in navigator)) return () => {};
  const heard = ({ data }: MessageEvent) => {
    const { t, path } = (data ?? {}) as { t?: unknown; path?: unknown };
    if (t === "open" && typeof path === "string" && path.startsWith("/console/")) go(path);
  };
  navigator.serviceWorker.addEventListener("message", heard);
  return () => navigator.serviceWorker.removeEventListener("message", heard);
}
