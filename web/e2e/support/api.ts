import type { Demo } from "./server.ts";

/** An answer of the API with what a test looks at. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface Counts {
  triggered: number;
  engaged: number;
  completed: number;
  acquired: number;
  goals: number;
}

export interface Dialogue {
  id: string;
  name: string;
  state: string;
  draft_version: number;
  draft: { stream: unknown; targeting: unknown; [more: string]: unknown };
  counts: Counts;
}

interface Site {
  id: string;
  key: string;
  version: number;
  privacy: Record<string, unknown>;
  security: Record<string, unknown>;
  style: Record<string, unknown>;
}

/** The console API with a token that may do everything. */
export class Api {
  private readonly url: string;
  private readonly token: string;

  constructor(demo: Demo) {
    this.url = demo.url;
    this.token = demo.tokens[0]?.token ?? "";
  }

  async send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = (response.headers.get("content-type") ?? "").includes("json") && text !== "";
    return {
      status: response.status,
      headers: response.headers,
      body: (json ? JSON.parse(text) : text) as T,
    };
  }

  /** Sends and demands a success. */
  async ok<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.send<T>(method, path, body, headers);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get<T>(path: string): Promise<T> {
    return this.ok<T>("GET", path);
  }

  /** The dialogue with this name. */
  async dialogue(name: string): Promise<Dialogue> {
    const list = await this.get<{ items: Dialogue[] }>(`/dialogues?q=${encodeURIComponent(name)}&limit=100`);
    const found = list.items.find((one) => one.name === name);
    if (!found) throw new Error(`there is no dialogue ${name}`);
    return found;
  }

  /** A site of the test's own. */
  async site(
    name: string,
    change: {
      privacy?: Record<string, unknown>;
      security?: Record<string, unknown>;
      style?: Record<string, unknown>;
    },
  ): Promise<Site> {
    const made = await this.ok<Site>("POST", "/sites", { name });
    const body = Object.fromEntries(
      Object.entries(change).map(([section, values]) => [
        section,
        { ...made[section as keyof typeof change], ...values },
      ]),
    );
    return this.ok<Site>("PATCH", `/sites/${made.id}`, body, { "if-match": `"${made.version}"` });
  }

  /** A published flow. */
  async flow(site: string, name: string, stream: unknown): Promise<Dialogue> {
    const made = await this.ok<Dialogue>("POST", "/flows", { site_id: site, name });
    const draft = { ...made.draft, stream };
    await this.ok("PATCH", `/flows/${made.id}`, { draft }, { "if-match": `"${made.draft_version}"` });
    return this.ok<Dialogue>("POST", `/flows/${made.id}/publish`);
  }

  /** A published dialogue; what `targeting` does not say means everybody at once. */
  async publish(
    site: string,
    name: string,
    stream: unknown,
    targeting: { include: string[]; events?: unknown; audience?: unknown; caps?: unknown },
    priority = 1,
  ): Promise<Dialogue> {
    const made = await this.ok<Dialogue>("POST", "/dialogues", { site_id: site, name });
    const draft = {
      ...made.draft,
      stream,
      targeting: {
        audience: targeting.audience ?? { all: [] },
        pages: { include: targeting.include, exclude: [] },
        events: targeting.events ?? { mode: "any", conditions: [] },
        caps: targeting.caps ?? {},
      },
    };
    const match = { "if-match": `"${made.draft_version}"` };
    await this.ok("PATCH", `/dialogues/${made.id}`, { draft, priority }, match);
    return this.ok<Dialogue>("POST", `/dialogues/${made.id}/publish`);
  }
}

/** A greeting that becomes another word with what the page hands over, and a question whose answer ends it. */
export const colours = (words = "Which colour?") => ({
  start: "ask",
  cards: [
    {
      id: "ask",
      title: "Colour",
      kind: "question",
      text: { blocks: [{ type: "paragraph", spans: [{ text: words }] }] },
      style: "buttons",
      responses: [
        { id: "red", label: "Red", next: "sure" },
        { id: "blue", label: "Blue", next: "sure" },
      ],
    },
    {
      id: "sure",
      kind: "question",
      text: {
        blocks: [
          { type: "paragraph", spans: [{ text: '{{answer.Colour}} for {{context.plan:"everybody"}}?' }] },
        ],
      },
      style: "buttons",
      responses: [
        { id: "yes", label: "Sure", next: "bye" },
        { id: "no", label: "Not sure", next: "ask" },
      ],
    },
    {
      id: "bye",
      kind: "message",
      text: { blocks: [{ type: "paragraph", spans: [{ text: "Noted." }] }] },
      next: null,
    },
  ],
});

/** A card's text. */
export const words = (text: string) => ({ blocks: [{ type: "paragraph", spans: [{ text }] }] });

/** Greets, asks for two things, and says goodbye. */
export const smallTalk = (greeting: string) => ({
  start: "ask",
  cards: [
    {
      id: "ask",
      kind: "question",
      text: words(greeting),
      style: "buttons",
      responses: [
        { id: "yes", label: "Yes", next: "who" },
        { id: "no", label: "No", next: "bye" },
      ],
    },
    {
      id: "who",
      kind: "info_capture",
      text: words("Who are you?"),
      skip_if_known: false,
      required: false,
      fields: [
        { id: "name", type: "text", label: "Name", attribute: "person.first_name", overwrite: "always" },
        { id: "email", type: "email", label: "E-mail", attribute: "person.email", overwrite: "always" },
      ],
      next: "bye",
    },
    { id: "bye", kind: "message", text: words("Goodbye."), next: null },
  ],
});
