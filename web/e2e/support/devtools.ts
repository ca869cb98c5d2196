import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

type Json = Record<string, unknown>;

/** An event of the browser. `sessionId` names the page that it is about. */
export interface DevtoolsEvent {
  method: string;
  params: Json;
  sessionId?: string;
}

/**
 * Chromium spoken to by its own protocol and nothing else. Drivers put scripts of their own into every page; for a
 * figure about the page's scripts there must be none.
 */
export interface Devtools {
  send<T = Json>(method: string, params?: Json, sessionId?: string): Promise<T>;
  on(listener: (event: DevtoolsEvent) => void): void;
  close(): Promise<void>;
}

const FLAGS = [
  "--headless",
  "--remote-debugging-pipe",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--window-size=1440,900",
];

/** Starts Chromium with a fresh profile. */
export function startDevtools(): Devtools {
  const profile = mkdtempSync(join(tmpdir(), "usher-bench-"));
  const child = spawn(
    process.env.CHROMIUM ?? "/usr/bin/chromium",
    [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const waiting = new Map<number, { settle(value: never): void; refuse(reason: Error): void }>();
  const listeners: ((event: DevtoolsEvent) => void)[] = [];
  const heard = (message: Json) => {
    if (typeof message.id !== "number") {
      for (const listener of listeners) listener(message as unknown as DevtoolsEvent);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) asked?.refuse(new Error(JSON.stringify(message.error)));
    else asked?.settle(message.result as never);
  };
  readMessages(child.stdio[4] as Readable, heard);
  const ended = new Promise<void>((settle) => child.once("exit", () => settle()));
  let last = 0;
  const send = <T>(method: string, params: Json = {}, sessionId?: string) =>
    new Promise<T>((settle, refuse) => {
      waiting.set(++last, { settle, refuse });
      (child.stdio[3] as Writable).write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
  return {
    send,
    on: (listener) => void listeners.push(listener),
    async close() {
      send("Browser.close").catch(() => undefined);
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Messages end with a NUL. */
function readMessages(pipe: Readable, heard: (message: Json) => void): void {
  let parts: Buffer[] = [];
  pipe.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      parts.push(chunk.subarray(from, end));
      const text = Buffer.concat(parts).toString();
      parts = [];
      from = end + 1;
      heard(JSON.parse(text) as Json);
    }
    parts.push(chunk.subarray(from));
  });
}
