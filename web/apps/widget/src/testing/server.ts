import type { Core, Reply } from "../loader/core.ts";
import { createCorner } from "../loader/corner.ts";
import type {
  ConversationView,
  Message,
  PageResponse,
  RichText,
  Waiting,
  WidgetConfig,
} from "../protocol.ts";

export const rich = (text: string): RichText => ({ blocks: [{ type: "paragraph", spans: [{ text }] }] });

export const said = (seq: number, text: string, more: Partial<Message> = {}): Message => ({
  seq,
  from: "bot",
  kind: "text",
  card_id: `card${seq}`,
  text: rich(text),
  superseded: false,
  at: "2026-11-20T10:00:00.000Z",
  ...more,
});

export const question: Waiting = {
  kind: "question",
  card_id: "q",
  style: "buttons",
  responses: [
    { id: "yes", label: "Yes" },
    { id: "no", label: "No" },
  ],
  allow_text: true,
};

export const config: WidgetConfig = {
  site_name: "Site",
  bot_name: "Robin",
  avatar_url: null,
  colors: {
    header: "#12355b",
    header_text: "#ffffff",
    background: "#ffffff",
    bot_bubble: "#eff2f5",
    bot_text: "#1d2733",
    visitor_bubble: "#12355b",
    visitor_text: "#ffffff",
    button: "#12355b",
    button_text: "#ffffff",
  },
  font: null,
  theme: "light",
  position: "right",
  padding: { x: 20, y: 20 },
  response_delay_ms: 1000,
  sound: "none",
  poke: true,
  poke_on_mobile: true,
  privacy_url: null,
  language: "en",
  max_text: 4000,
};

export const conversation = (more: Partial<ConversationView> = {}): ConversationView => {
  const messages = more.messages ?? [said(1, "Hello"), said(2, "Ready?", { kind: "question", card_id: "q" })];
  return {
    id: "cnv_1",
    kind: "dialogue",
    dialogue_id: "dlg_1",
    name: "Welcome",
    ui: "chatbot",
    state: "triggered",
    allow_restart: true,
    allow_back: true,
    last_seq: messages.at(-1)?.seq ?? 0,
    epoch: 1,
    messages,
    waiting: question,
    ...more,
  };
};

export const page = (resolved: PageResponse["resolved"]): PageResponse => ({
  visitor_token: null,
  consent_mode: "interaction",
  widget: config,
  resolved,
  assets: { view: "/widget/view-x.js" },
});

export const dialogue = (more: object = {}): PageResponse["resolved"] => ({
  kind: "dialogue",
  dialogue_id: "dlg_1",
  name: "Welcome",
  events: { mode: "all", conditions: [] },
  met: true,
  elapsed: { page_seconds: 0, site_seconds: 0, page_views: 1 },
  poke: "Hello",
  opening: conversation().messages,
  opening_waiting: question,
  conversation: null,
  dismissed: false,
  ...more,
});

type Call = { path: string; body: Record<string, unknown> };

/** A loader whose server answers what the test says; unanswered calls count as lost. */
export const fakeCore = () => {
  const calls: Call[] = [];
  const events: { name: string; sid: unknown }[] = [];
  const storage = new Map<string, string>();
  let id = 0;
  let answer: (call: Call) => Partial<Reply<unknown>> = () => ({ status: 0 });
  const corner = createCorner(() => {});
  const core: Core & { stored: boolean; again(): void; asked: number } = {
    key: "site",
    stored: true,
    asked: 0,
    async call<T>(at: string, body?: object, more = "") {
      const path = more ? `${at}?${more.slice(1)}` : at;
      const call = { path, body: (body ?? {}) as Record<string, unknown> };
      calls.push(call);
      return { status: 200, body: null, retryAfter: 0, ...answer(call) } as Reply<T>;
    },
    accept(token) {
      if (token) storage.set("token", token);
    },
    clicked() {},
    read: (name) => storage.get(name) ?? null,
    write(name, value) {
      if (value === null) storage.delete(name);
      else if (core.stored) storage.set(name, value);
    },
    emit: (name, payload) => events.push({ name, sid: payload?.sid }),
    pageView: () => "page-view",
    silent: () => false,
    consent: () => ({ granted: false, clicked: false, consent_mode: undefined }),
    withView() {},
    uuid: () => `id-${++id}`,
    again() {
      core.asked++;
    },
    corner: () => corner,
  };
  return {
    core,
    calls,
    events,
    storage,
    on(next: typeof answer) {
      answer = next;
    },
    paths: () => calls.map((c) => c.path),
  };
};
