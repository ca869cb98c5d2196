import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** What `usher demo --json` prints when it is ready. */
export interface Demo {
  url: string;
  site_key: string;
  sign_ins: { email: string; password: string; profile: string; owner: boolean }[];
  tokens: { name: string; token: string }[];
}

/** A running server of the test's own, on a free port and an empty folder. */
export interface Server extends Demo {
  process: ChildProcess;
  data: string;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
  /** Ends the process by SIGKILL and starts it again on the same data and port. */
  killAndRestart(): Promise<void>;
}

const binary = process.env.USHER_BINARY ?? resolve(import.meta.dirname, "../../../target/debug/usher");

/**
 * Starts the demo on an empty folder and waits until it says that it is ready. `settings`: keys of the configuration, as
 * `USHER_…`.
 */
export async function startDemo(settings: Record<string, string> = {}): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), "usher-e2e-"));
  const listen = `127.0.0.1:${await freePort()}`;
  let running = await launch(data, listen, settings);
  const server: Server = {
    ...running.demo,
    process: running.process,
    data,
    async stop() {
      await end(running.process, "SIGTERM");
      rmSync(data, { recursive: true, force: true });
    },
    async killAndRestart() {
      await end(running.process, "SIGKILL");
      running = await launch(data, listen, settings);
      server.process = running.process;
    },
  };
  return server;
}

/** What is meant for the tests is no configuration of the server, which refuses keys that it does not know. */
const { USHER_SCREENSHOTS: _, ...environment } = process.env;

async function launch(
  data: string,
  listen: string,
  settings: Record<string, string>,
): Promise<{ process: ChildProcess; demo: Demo }> {
  const child = spawn(binary, ["demo", "--json", "--data", data, "--listen", listen], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment, USHER_LOG_LEVEL: "warn", ...settings },
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const exit = new Promise<never>((_, refuse) => {
    child.once("exit", (code) => refuse(new Error(`usher demo ended with ${code}: ${said}`)));
    child.once("error", refuse);
  });
  exit.catch(() => undefined);
  const ready = new Promise<Demo>((settle) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line.startsWith("{")) settle(JSON.parse(line) as Demo);
    });
  });
  return { process: child, demo: await Promise.race([ready, exit]) };
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((settle) => {
    child.once("exit", () => settle());
    child.kill(signal);
  });
}

function freePort(): Promise<number> {
  return new Promise((settle, refuse) => {
    const probe = createServer();
    probe.once("error", refuse);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === "object" && address ? address.port : 0));
    });
  });
}
