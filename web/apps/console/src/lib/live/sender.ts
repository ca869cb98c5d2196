/** What an agent writes in one chat: shown at once, sent one after the other, again with the same id until it is decided. */
import { ApiProblem } from "@usher/api";
import { backoff } from "@usher/live/backoff.ts";
import { isSendable } from "@usher/live/sendable.ts";

const NOT_SENDABLE = "Only pictures (PNG, JPEG, GIF, WebP) and PDF files of up to 10 MB can be sent.";

export interface Outgoing {
  client_id: string;
  kind: "text" | "note" | "file";
  /** The words; of a file its name. */
  text: string;
  file?: File;
  /** How much of the file is on its way, 0 to 1. */
  share?: number;
  at: string;
  /** Why the server does not take it; absent while it is on its way. */
  refused?: string;
}

interface SenderSettings {
  post: (
    message: Pick<Outgoing, "client_id" | "kind" | "text" | "file">,
    onSent: (share: number) => void,
  ) => Promise<unknown>;
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

  say(kind: "text" | "note", text: string): void {
    this.#add({ kind, text });
  }

  /** A file to the visitor. */
  attach(file: File): void {
    this.#add({ kind: "file", text: file.name, file, share: 0 });
  }

  #add(message: Omit<Outgoing, "client_id" | "at">): void {
    const fresh = { client_id: crypto.randomUUID(), at: new Date().toISOString(), ...message };
    this.#set([...this.#unsent, fresh]);
    void this.#pump();
  }

  again(id: string): void {
    this.#change(id, { refused: undefined });
    void this.#pump();
  }

  #change(id: string, change: Partial<Outgoing>): void {
    this.#set(this.#unsent.map((one) => (one.client_id === id ? { ...one, ...change } : one)));
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

  async #deliver({ client_id, kind, text, file }: Outgoing): Promise<void> {
    const { post, wait = pause, sentence } = this.#settings;
    if (file && !(await isSendable(file))) {
      this.#change(client_id, { refused: NOT_SENDABLE });
      return;
    }
    for (let failures = 1; ; failures += 1) {
      try {
        const message = { client_id, kind, text, ...(file && { file }) };
        await post(message, (share) => this.#change(client_id, { share }));
        return;
      } catch (error) {
        if (!mayPass(error)) {
          this.#change(client_id, { refused: sentence(error) });
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
