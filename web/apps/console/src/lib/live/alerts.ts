/** What calls an agent who looks elsewhere: a sound, the tab's title, and a notification of the browser when allowed. */
import type { Offer } from "@usher/api";
import { play } from "@usher/live/sound.ts";
import { useEffect, useRef } from "react";
import { isPushedHere } from "./push.ts";

const BLINK_MS = 1000;
const RING_MS = 5000;

/** Who it is, as far as it is known. */
export function whoIs(person: { name?: string | null; email?: string | null }): string {
  return person.name || person.email || "Anonymous visitor";
}

/** Alternates the tab's title with `words` until the returned function is called; screens may rename the tab meanwhile. */
export function blinkTitle(words: string): () => void {
  let own = document.title;
  let on = false;
  const timer = setInterval(() => {
    if (document.title !== words) own = document.title;
    on = !on;
    document.title = on ? words : own;
  }, BLINK_MS);
  return () => {
    clearInterval(timer);
    if (document.title === words) document.title = own;
  };
}

/** Calls for as long as somebody is asked. Browsers keep a page silent that nobody has touched yet; then only the rest calls. */
export function useCalls(offers: readonly Offer[], answer: (offer: Offer) => void): void {
  const count = offers.length;
  useEffect(() => {
    if (count === 0) return undefined;
    const ring = () => {
      if (navigator.userActivation?.hasBeenActive) play("bell");
    };
    ring();
    const timer = setInterval(ring, RING_MS);
    const still = blinkTitle(count === 1 ? "A chat waits" : `${count} chats wait`);
    return () => {
      clearInterval(timer);
      still();
    };
  }, [count]);

  const told = useRef(new Map<string, Notification>());
  const latest = useRef(answer);
  latest.current = answer;
  useEffect(() => {
    const open = told.current;
    for (const [id, notification] of open) {
      if (offers.some((one) => one.chat_id === id)) continue;
      notification.close();
      open.delete(id);
    }
    for (const offer of offers) {
      if (open.has(offer.chat_id) || !document.hidden || !mayNotify()) continue;
      const notification = notificationOf(offer);
      if (!notification) continue;
      notification.onclick = () => {
        window.focus();
        latest.current(offer);
      };
      open.set(offer.chat_id, notification);
    }
  }, [offers]);
}

/** Some browsers, on phones above all, show only what a worker shows; they throw. */
function notificationOf({ person, chat_id: tag, ...offer }: Offer): Notification | undefined {
  const body = offer.said.length > 0 ? `${offer.dialogue_name} · ${offer.site_name}` : offer.site_name;
  try {
    return new Notification(`${whoIs(person)} asks for a chat`, { body, tag });
  } catch {
    return undefined;
  }
}

/** Where offers are pushed to, the worker shows them, and one of each is enough. */
function mayNotify(): boolean {
  return "Notification" in window && Notification.permission === "granted" && !isPushedHere();
}
