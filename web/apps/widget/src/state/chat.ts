import type { Counted } from "../bubble.ts";
import type { Core, EventName, Payload } from "../loader/core.ts";
import type {
  ConversationView,
  Input,
  PageResponse,
  Problem,
  ResolvedDialogue,
  Waiting,
  WidgetConfig,
} from "../protocol.ts";
import type { Clock } from "./clock.ts";
import { emptyLog, type Log, merge } from "./log.ts";
import { createOutbox, type Echo, type Op, type Verdict } from "./outbox.ts";
import { createPace } from "./pace.ts";
import { createScene, type Rejected, type Scene } from "./scene.ts";
import { small } from "./screen.ts";

/** The conversation of this page: what is said, what waits to be sent, whether it is open. No pictures. */
export type Chat = {
  scene(): Scene;
  config(): WidgetConfig | null;
  /** `counted`: the answer to the news that the dialogue is on the screen. */
  update(page: PageResponse, shown: boolean, counted?: Counted): void;
  /** `visitor`: a click in the chat, as against a call from the page. */
  open(by: "visitor" | "page"): void;
  close(): void;
  /** The visitor does not want to be spoken to: the server is told. */
  dismiss(): void;
  /** The end of the conversation is before the visitor's eyes. */
  reading(): boolean;
  answer(input: Input, echo: Echo): void;
  back(cardId: string): void;
  restart(): void;
  /** What was given cannot be sent like this. */
  refuse(rejected: Rejected): void;
  /** The visitor mends what was wrong with a field. */
  mend(field: string): void;
  /** Fetches what this tab does not have yet. */
  sync(): void;
  /** Another tab says that conversation `id` has got this far. */
  hint(id: string, seq: number, epoch: number): void;
  online(): void;
  reset(): void;
};

type Hooks = {
  changed(): void;
  /** The bot has said something. */
  spoke(): void;
  /** This tab knows the conversation up to `seq`; the others should too. */
  tell(id: string, seq: number, epoch: number): void;
};

type Talk = Pick<ConversationView, "name" | "kind" | "ui" | "state" | "allow_back" | "allow_restart"> & {
  dialogue: string;
  id: string | null;
  waiting: Waiting | null;
};

const STAGES = ["triggered", "engaged", "completed"] as const;
const FILLS: Partial<Record<string, EventName>> = { email: "input_email", phone: "input_phone" };
const OPEN = "open";

export const createChat = (core: Core, clock: Clock, hooks: Hooks): Chat => {
  let config: WidgetConfig | null = null;
  let talk: Talk | null = null;
  let log: Log = emptyLog;
  let open = false;
  let stage = 0;
  let rejected: Rejected | null = null;
  let notice: Scene["notice"] = null;
  let fetching = false;

  const pace = createPace(
    clock,
    () => config?.response_delay_ms ?? 0,
    hooks.spoke,
    () => hooks.changed(),
  );
  const shelf = {
    read: () => core.read("outbox"),
    write: (text: string | null) => core.write("outbox", text),
  };
  const outbox = createOutbox(clock, shelf, deliver, () => hooks.changed());

  const emit = (name: EventName) => {
    if (!talk) return;
    const payload: Payload = {
      name: talk.name,
      id: talk.dialogue,
      type: talk.kind,
      uiType: talk.ui,
      sid: talk.id,
    };
    core.emit(name, payload);
  };

  /** Up to where nothing is missing; 0 when everything must be fetched. */
  const held = () => (log.epoch < 0 ? 0 : log.cursor);

  /** Takes over the server's view of the conversation, which holds everything after `after`. */
  function adopt(view: ConversationView, after: number): void {
    if (talk?.id && talk.id !== view.id) return;
    // A conversation that was only triggered may not have spoken yet: its opening stays on the screen.
    const silent = view.messages.length === 0 && view.last_seq === 0 && log.messages.length > 0;
    const merged = silent ? log : merge(log, view, after);
    if (merged === "stale") return;
    if (merged === "gap") {
      log = { ...log, epoch: -1 };
      sync();
      return;
    }
    log = merged;
    talk = { ...talkOf(view), waiting: silent && !view.waiting ? (talk?.waiting ?? null) : view.waiting };
    if (open) pace.follow(log.messages);
    else if (view.state !== "triggered") pace.skip(log.cursor);
    hooks.changed();
  }

  /** Announces the stages that the visitor's own act has brought about, each once. */
  const announce = (state: ConversationView["state"]) => {
    const reached = STAGES.indexOf(state as (typeof STAGES)[number]);
    while (stage < reached) emit(`conversation_${STAGES[++stage] as "engaged" | "completed"}`);
  };

  const forgetTalk = () => {
    pace.stop();
    outbox.clear();
    talk = null;
    log = emptyLog;
    open = false;
    stage = 0;
    rejected = notice = null;
  };

  /** Hands one operation to the server. */
  async function deliver(op: Op): Promise<Verdict> {
    const about = talk;
    if (!about) return "done";
    // An opening is only a preview of what the first answer makes of it, so that one is answered whole.
    const after = op.kind === "input" && about.state !== "triggered" ? held() : 0;
    const body =
      op.kind === "start"
        ? { page_view_id: core.view(), dialogue_id: about.dialogue }
        : op.kind === "input"
          ? { client_id: op.client_id, card_id: op.card_id, input: op.input, page_url: address(), after }
          : op.kind === "back"
            ? { client_id: op.client_id, card_id: op.card_id }
            : op.kind === "restart"
              ? { client_id: op.client_id }
              : {};
    const id = about.id ?? op.conversation;
    const path = op.kind === "start" ? "conversations" : `conversations/${id}/${op.kind}`;
    const reply = await core.call<Delivered>("POST", path, body);
    if (talk?.dialogue !== about.dialogue) return "done";
    if (reply.status === 0 || reply.status >= 500 || reply.status === 429 || reply.status === 408) {
      return { retryAfter: reply.retryAfter };
    }
    settle(op, reply.status, reply.body, after);
    return "done";
  }

  type Delivered = ConversationView & {
    conversation: ConversationView;
    visitor_token: string | null;
  } & Problem;

  /** The server has decided about `op`. */
  function settle(op: Op, status: number, body: Delivered, after: number): void {
    if (op.kind === "close") return;
    if (status === 200 || status === 201) {
      if (op.kind === "start") core.accept(body.visitor_token);
      const view = op.kind === "start" ? body.conversation : body;
      adopt(view, after);
      announce(view.state);
      if (op.kind === "input") op.emits.forEach(emit);
      if (op.kind === "start") remember();
      hooks.tell(view.id, view.last_seq, view.epoch);
    } else if (status === 409 && body?.current?.state === "dropped") {
      // Too long ago: what is shown now is for the server to say.
      forgetTalk();
      core.again();
    } else if (status === 409 && body?.current) {
      if (op.kind === "input") notice = "moved_on";
      adopt(body.current, after);
    } else if (status === 422 && op.kind === "input") {
      reject(op, body);
    } else if (status === 404 || status === 403) {
      forgetTalk();
      core.again();
    } else if (status >= 400) {
      notice = "failed";
    }
  }

  function reject(op: Extract<Op, { kind: "input" }>, problem: Problem): void {
    const errors: Rejected["errors"] = {};
    for (const { field, code, reason } of problem?.errors ?? []) {
      errors[field.split("/").pop() as string] = code ?? reason ?? "failed";
    }
    rejected = { card_id: op.card_id, input: op.input, errors };
  }

  async function sync(): Promise<void> {
    const id = talk?.id;
    if (!id || fetching) return;
    fetching = true;
    const after = held();
    const reply = await core.call<ConversationView>("GET", `conversations/${id}?after=${after}`);
    fetching = false;
    if (talk?.id !== id) return;
    if (reply.status === 200) {
      adopt(reply.body, after);
      stage = Math.max(stage, STAGES.indexOf(reply.body.state as (typeof STAGES)[number]));
    } else if (reply.status === 404) {
      forgetTalk();
      core.again();
    }
  }

  const remember = () => {
    core.write(OPEN, open && talk?.id ? JSON.stringify([talk.id, location.pathname]) : null);
  };
  const wasOpen = (id: string) => {
    try {
      const [openId, path] = JSON.parse(core.read(OPEN) ?? "[]");
      // On a phone the chat covers the page, and the visitor has asked for this page.
      return openId === id && (path === location.pathname || !small());
    } catch {
      return false;
    }
  };

  const add = (op: Omit<Op, "client_id" | "dialogue" | "conversation"> & Pick<Op, "kind">) => {
    if (!talk) return;
    core.clicked();
    notice = null;
    outbox.add({ ...op, client_id: core.uuid(), dialogue: talk.dialogue, conversation: talk.id } as Op);
  };
  const start = () => {
    if (talk && !talk.id && !outbox.ops().some((op) => op.kind === "start")) add({ kind: "start" });
  };

  const carryOn = (view: ConversationView) => {
    const known = talk?.id === view.id;
    if (!known) {
      forgetTalkKeepingShelf();
      talk = talkOf(view);
      stage = Math.max(0, STAGES.indexOf(view.state as (typeof STAGES)[number]));
    }
    adopt(view, 0);
    if (!known) {
      pace.skip(log.cursor);
      outbox.resume((op) => op.conversation === view.id);
      if (wasOpen(view.id)) openPanel();
    }
  };
  const forgetTalkKeepingShelf = () => {
    const left = core.read("outbox");
    const wanted = open;
    forgetTalk();
    open = wanted;
    if (left) core.write("outbox", left);
  };

  const meet = async (d: ResolvedDialogue, counted: Counted | undefined) => {
    const same = talk?.dialogue === d.dialogue_id && talk.state === "triggered";
    if (!same) forgetTalkKeepingShelf();
    const conversation = d.conversation;
    talk = {
      dialogue: d.dialogue_id,
      id: conversation?.id ?? (same ? (talk?.id ?? null) : null),
      name: d.name,
      kind: "dialogue",
      ui: conversation?.ui ?? "chatbot",
      state: "triggered",
      allow_back: conversation?.allow_back ?? false,
      allow_restart: conversation?.allow_restart ?? false,
      waiting: d.opening_waiting,
    };
    if (!same) log = { ...emptyLog, messages: d.opening };
    if (open) pace.follow(log.messages);
    outbox.resume(
      (op) => op.dialogue === d.dialogue_id && (!op.conversation || op.conversation === talk?.id),
    );
    hooks.changed();

    const reply = await counted;
    if (talk?.dialogue === d.dialogue_id && reply?.status === 200 && reply.body.conversation) {
      adopt(reply.body.conversation, 0);
    }
  };

  function openPanel(): void {
    if (open || !talk) return;
    open = true;
    pace.skip(log.messages[0]?.seq ?? -1);
    pace.heard();
    pace.follow(log.messages);
    remember();
    hooks.changed();
  }

  return {
    scene: () =>
      createScene({
        talk,
        log,
        open,
        rejected,
        notice,
        shown: pace.shown(),
        typing: pace.typing(),
        outbox,
      }),
    config: () => config,

    reading: () => open && talk?.state === "completed",

    update(page, shown, counted) {
      const { resolved, widget } = page;
      if (widget) config = widget;
      if (resolved?.kind === "continue") carryOn(resolved.conversation);
      else if (resolved && shown) meet(resolved, counted);
      else if (!resolved || talk?.dialogue !== resolved.dialogue_id) {
        forgetTalkKeepingShelf();
        open = false;
      }
      hooks.changed();
    },

    open(by) {
      if (!talk) return;
      if (by === "visitor") {
        core.clicked();
        start();
      }
      openPanel();
    },

    close() {
      if (!open) return;
      open = false;
      remember();
      pace.skip(log.cursor);
      if (talk?.id) add({ kind: "close" });
      emit("conversation_closed");
      hooks.changed();
    },

    dismiss() {
      if (talk?.id) add({ kind: "close" });
    },

    refuse(refused) {
      rejected = refused;
      hooks.changed();
    },

    mend(field) {
      if (!rejected?.errors[field]) return;
      const { [field]: _, ...errors } = rejected.errors;
      rejected = { ...rejected, errors };
      hooks.changed();
    },

    answer(input, echo) {
      const waiting = talk?.waiting;
      if (!waiting) return;
      rejected = null;
      start();
      pace.heard();
      const given = input.kind === "values" ? input.values : {};
      const fields = waiting.kind === "info" ? waiting.fields : [];
      const emits = fields.flatMap((f) => (given[f.id] && FILLS[f.type]) || []);
      add({ kind: "input", card_id: waiting.card_id, input, echo, emits } as Op);
    },

    back(card_id) {
      rejected = null;
      add({ kind: "back", card_id } as Op);
    },

    restart() {
      rejected = null;
      add({ kind: "restart" });
    },

    sync,

    hint(id, seq, epoch) {
      if (!talk) return;
      // The other tab opened the conversation before this one had it.
      if (!talk.id && core.read("token")) talk.id = id;
      if (talk.id === id && (epoch !== log.epoch || seq > log.cursor)) sync();
    },

    online: () => outbox.hurry(),

    reset() {
      forgetTalk();
      config = null;
      hooks.changed();
    },
  };
};

const talkOf = (view: ConversationView): Talk => ({
  dialogue: view.dialogue_id,
  id: view.id,
  name: view.name,
  kind: view.kind,
  ui: view.ui,
  state: view.state,
  allow_back: view.allow_back,
  allow_restart: view.allow_restart,
  waiting: view.waiting,
});

const address = () => location.href.split("#")[0];
