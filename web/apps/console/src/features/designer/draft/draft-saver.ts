/**
 * Saves what an author changes, by itself and in order: one request at a time,
 * the newest state last, each based on the version before. A conflict stops it
 * until the author has chosen.
 */
import { ApiProblem } from "@usher/api";

export type SaveState =
  | { kind: "saved" }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "failed"; error: unknown }
  | { kind: "conflict" };

/** Milliseconds of quiet before it is saved; and before a failed try is repeated when no server answered. */
export const QUIET_MS = 700;
export const AGAIN_MS = 5_000;

/** Sends the content based on `version`; answers with the version that this makes. */
export type Send<T> = (content: T, version: number) => Promise<number>;

export class DraftSaver<T> {
  readonly #send: Send<T>;
  readonly #listeners = new Set<() => void>();
  #version: number;
  #pending: { content: T } | null = null;
  #running: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: SaveState = { kind: "saved" };

  constructor(version: number, send: Send<T>) {
    this.#version = version;
    this.#send = send;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): SaveState => this.#state;

  get version(): number {
    return this.#version;
  }
  /** Whether something is not yet on the server. */
  get dirty(): boolean {
    return this.#state.kind !== "saved";
  }

  changed(content: T): void {
    this.#pending = { content };
    if (this.#state.kind === "conflict") return;
    if (this.#running === null) this.#set({ kind: "waiting" });
    this.#later(QUIET_MS);
  }

  /** Saves at once what is waiting; true when nothing is left unsaved. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#pending !== null && this.#state.kind !== "conflict") {
      this.#running ??= this.#run();
      await this.#running;
      if (this.#state.kind === "failed") return false;
    }
    await this.#running;
    return this.#state.kind === "saved";
  }

  /** Goes on from another version: with what is pending, or without it. */
  rebase(version: number, keep: boolean): void {
    clearTimeout(this.#timer);
    this.#version = version;
    if (!keep) this.#pending = null;
    this.#set(this.#pending === null ? { kind: "saved" } : { kind: "waiting" });
    if (this.#pending !== null) void this.flush();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  async #run(): Promise<void> {
    const sent = this.#pending;
    if (sent === null) return;
    this.#set({ kind: "saving" });
    try {
      this.#version = await this.#send(sent.content, this.#version);
      this.#running = null;
      if (this.#pending === sent) this.#pending = null;
      this.#set(this.#pending === null ? { kind: "saved" } : { kind: "waiting" });
    } catch (error) {
      this.#running = null;
      const conflict = error instanceof ApiProblem && error.isConflict;
      this.#set(conflict ? { kind: "conflict" } : { kind: "failed", error });
      if (error instanceof ApiProblem && (error.isOffline || error.status >= 500)) this.#later(AGAIN_MS);
    }
  }

  #set(state: SaveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
