/** What an agent writes in one chat: shown at once, sent one after the other, again with the same id until it is decided. */
import { ApiProblem } from "@usher/api";
import { backoff } from "@usher/live/backoff.ts";

export interface Outgoing {
  client_id: string;
  kind: "text" | "note";
  text: string;
  at: string;
  /** Why the server does not take it; absent while it is on its way. */
  refused?: string;
}

interface SenderSettings {
  post: (message: Pick<Outgoing, "client_id" | "kind" | "text">) => Promise<unknown>;
  /** What is unsent has changed. */
  changed: () => void;
  wait?: (milliseconds: number) => Promise<void>;
  sentence: (error: unknown) => string;
}

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

export class Sender {
  readonly #settings: SenderSettings;
  #unsent: readonly Outgoing[] = [];
  #busy = false;

  constructor(settings: SenderSettings) {
    this.#settings = settings;
  }

  readonly unsent = (): readonly Outgoing[] => this.#unsent;

  say(kind: Outgoing["kind"], text: string): void {
    this.#set([
      ...this.#unsent,
      { client_id: crypto.randomUUID(), kind, text, at: new Date().toISOString() },
    ]);
    void this.#pump();
  }

  again(id: string): void {
    this.#set(this.#unsent.map((one) => (one.client_id === id ? { ...one, refused: undefined } : one)));
    void this.#pump();
  }

  discard(id: string): void {
    this.#set(this.#unsent.filter((one) => one.client_id !== id));
  }

  /** These stand in the conversation now. */
  arrived(ids: ReadonlySet<string | null | undefined>): void {
    const left = this.#unsent.filter((one) => !ids.has(one.client_id));
    if (left.length < this.#unsent.length) this.#set(left);
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const sent = new Set<string>();
    for (let next = this.#next(sent); next; next = this.#next(sent)) {
      await this.#deliver(next);
      sent.add(next.client_id);
    }
    this.#busy = false;
  }

  #next(sent: ReadonlySet<string>): Outgoing | undefined {
    return this.#unsent.find((one) => one.refused === undefined && !sent.has(one.client_id));
  }

  async #deliver({ client_id, kind, text }: Outgoing): Promise<void> {
    const { post, wait = pause, sentence } = this.#settings;
    for (let failures = 1; ; failures += 1) {
      try {
        await post({ client_id, kind, text });
        return;
      } catch (error) {
        if (!mayPass(error)) {
          const refused = sentence(error);
          this.#set(this.#unsent.map((one) => (one.client_id === client_id ? { ...one, refused } : one)));
          return;
        }
        await wait(backoff(failures));
      }
    }
  }

  #set(next: readonly Outgoing[]): void {
    this.#unsent = next;
    this.#settings.changed();
  }
}

/** Silence and overload are no answer. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiProblem && (error.isOffline || error.status === 429 || error.status >= 500);
}
