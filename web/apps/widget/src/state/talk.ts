import { emptyLog, type Log, merge } from "@usher/live/log.ts";
import type { Core, EventName, Reply } from "../loader/core.ts";
import type {
  ConversationView,
  DocumentEvent,
  Input,
  Message,
  Problem,
  RichText,
  Waiting,
  WidgetConfig,
} from "../protocol.ts";
import type { Live } from "../view/live-ui.ts";
import type { Clock } from "./clock.ts";

import { createOutbox, type Echo, type Op, type Verdict } from "./outbox.ts";
import { createPace } from "./pace.ts";
import { createScene, type Rejected, type Scene } from "./scene.ts";
import { recorded, type Turned, unrecorded, unwrap } from "./turns.ts";

/** Where a conversation comes from. */
export type Source = {
  config: WidgetConfig;
  /** As far as it is known: without an id it is not there yet, or will never be recorded. */
  conversation: ConversationView;
  /** Makes it a real one, at the visitor's first act. */
  begin?: () => Promise<Reply<Turned>>;
  /** Where it stands, when nothing of it is recorded. */
  sealed?: string | null;
  /** It is a draft behind a preview link. */
  preview?: boolean;
};

/** One conversation: what is said, what waits to be sent, whether it is looked at. No pictures. */
export type Talk = {
  /** Tells it from the others of this page. */
  readonly key: string;
  /** Key of the site. */
  readonly site: string;
  scene(): Scene;
  readonly config: WidgetConfig;
  /** The conversation as the server last told it, without its messages. */
  about(): ConversationView;
  /** What is said first. */
  opening(): RichText | undefined;
  isOpen(): boolean;
  /** It is looked at. By the visitor's hand it also begins, if it has not. */
  open(by: "visitor" | "page"): void;
  /** It is no longer looked at; it may come back any time. */
  leave(): void;
  /** The visitor has closed it. */
  close(): void;
  /** The visitor does not want to be spoken to: the server is told. */
  dismiss(): void;
  answer(input: Input, echo: Echo): void;
  back(cardId: string): void;
  /** The visitor reads the document of a card. */
  document(cardId: string, event: DocumentEvent): void;
  /** The visitor writes to an agent. */
  say(text: string): void;
  /** What goes on between agent and visitor; `null` while it is on its way. */
  live?: Live | null;
  restart(): void;
  /** What was given cannot be sent like this. */
  refuse(rejected: Rejected): void;
  /** The visitor mends what was wrong with a field. */
  mend(field: string): void;
  /** Takes over what the server has told elsewhere: the conversation with all its messages after `after`. */
  adopt(view: ConversationView, after?: number): void;
  /** Asks the server where it stands; `whole`: from the beginning. */
  refresh(whole?: boolean): Promise<void>;
  /** Another tab knows the conversation up to `seq`. */
  hint(seq: number, epoch: number): void;
  online(): void;
  /** Takes up what an earlier page has left unsent. */
  resume(): void;
  /** Ends all that is going on; what is unsent stays for the next page. */
  stop(): void;
};

type Hooks = {
  changed(): void;
  /** The bot has said something. */
  spoke(): void;
  /** This tab knows the conversation up to its last message; the others should too. */
  tell(view: ConversationView): void;
  /** The server does not know it (any more). */
  gone(): void;
  /** The visitor has reached its end. */
  ended(): void;
};

const STAGES = ["triggered", "engaged", "completed"];
const FILLS: Partial<Record<string, EventName>> = { email: "input_email", phone: "input_phone" };

export const createTalk = (core: Core, clock: Clock, hooks: Hooks, source: Source): Talk => {
  const { config, begin, preview = false } = source;
  let { sealed = null } = source;
  let about: ConversationView = { ...source.conversation, messages: [] };
  let waiting: Waiting | null = source.conversation.waiting;
  let log: Log<Message> = emptyLog;
  let open = false;
  let news = false;
  let stage = Math.max(0, STAGES.indexOf(about.state));
  let rejected: Rejected | null = null;
  let notice: Scene["notice"] = null;
  let fetching = false;
  let stopped = false;

  const pace = createPace(
    clock,
    () => config.response_delay_ms,
    hooks.spoke,
    () => hooks.changed(),
  );
  const shelf = {
    read: () => core.read("outbox"),
    write: (text: string | null) => core.write("outbox", text),
  };
  const outbox = createOutbox(clock, shelf, deliver, () => hooks.changed());

  const emit = (name: EventName) => {
    const { name: called, dialogue_id: id, kind: type, ui: uiType, id: sid } = about;
    core.emit(name, { name: called, id, type, uiType, sid });
  };

  /** Up to where nothing is missing; 0 when everything must be fetched. */
  const held = () => (log.epoch < 0 ? 0 : log.cursor);

  /** Takes over the server's view of the conversation, which holds everything after `after`. */
  function adopt(view: ConversationView, after = 0): void {
    if (stopped || (about.id && about.id !== view.id)) return;
    // A conversation that was only triggered may not have spoken yet: its opening stays on the screen.
    const silent = view.messages.length === 0 && view.last_seq === 0 && log.messages.length > 0;
    const merged = silent ? log : merge(log, view, after);
    if (merged === "stale") return;
    if (merged === "gap") {
      log = { ...log, epoch: -1 };
      sync();
      return;
    }
    // What was told later may have arrived earlier.
    const { chat } = about;
    const older = chat && chat.id === view.chat?.id && chat.revision > view.chat.revision;
    const wrote = log.epoch >= 0 && merged.messages.some((m) => m.from === "agent" && m.seq > log.cursor);
    log = merged;
    about = { ...view, messages: [], chat: older ? chat : view.chat };
    if (!silent || view.waiting) waiting = view.waiting;
    if (open) pace.follow(log.messages);
    else if (view.state !== "triggered") {
      pace.skip(log.cursor);
      if (wrote) {
        news = true;
        hooks.spoke();
      }
    }
    hooks.changed();
  }

  /** Announces the stages that the visitor's own act has brought about, each once. */
  const announce = () => {
    const reached = STAGES.indexOf(about.state);
    while (stage < reached) emit(`conversation_${STAGES[++stage] as "engaged" | "completed"}`);
    if (about.state === "completed") hooks.ended();
  };

  const stop = () => {
    stopped = true;
    talk.live?.stop();
    pace.stop();
    outbox.stop();
  };
  const gone = () => {
    outbox.clear();
    stop();
    hooks.gone();
  };

  /** Hands one operation to the server. */
  async function deliver(op: Op): Promise<Verdict> {
    // An opening is only a preview of what the first answer makes of it, so that one is answered whole.
    const after = op.kind === "input" && about.state !== "triggered" && !sealed ? held() : 0;
    const request = sealed ? unrecorded(op, sealed) : recorded(op, about.id ?? op.conversation, after);
    const asked = op.kind === "start" ? begin?.() : request && core.call<Turned>(...request);
    if (!asked) return "done";
    const reply = await asked;
    if (reply.status === 0 || reply.status >= 500 || reply.status === 429 || reply.status === 408) {
      return { retryAfter: reply.retryAfter };
    }
    if (op.kind === "say" && reply.status < 300) {
      // It is shown as under way until it stands among the others.
      if (!log.messages.some((m) => m.client_id === op.client_id)) await sync();
    } else if (!stopped) settle(op, reply.status, reply.body as Turned & Problem, after);
    return "done";
  }

  /** The server has decided about `op`. */
  function settle(op: Op, status: number, body: Turned & Problem, after: number): void {
    if (op.kind === "close") return;
    if (op.kind === "document" && !sealed) read(op.event, status, body);
    else if (status < 300) {
      const { view, sealed: state, token } = unwrap(body);
      core.accept(token);
      sealed = state;
      adopt(view, after);
      announce();
      if (op.kind === "input") op.emits.forEach(emit);
      hooks.tell(view);
    } else if (status === 409 && body?.current && body.current.state !== "dropped") {
      if (op.kind === "input") notice = "moved_on";
      adopt(body.current, after);
    } else if (status === 422 && op.kind === "input" && body?.errors?.[0]?.field !== "/state") {
      refuse({ card_id: op.card_id, input: op.input, errors: errorsOf(body) });
    } else if (body?.current || status === 404 || status === 403 || (status === 422 && sealed)) {
      // Too long ago, or not there any more: what is shown now is for the server to say.
      gone();
    } else {
      notice = "failed";
      // The chat may have ended meanwhile.
      if (op.kind === "say") sync();
    }
  }

  /** The server has noted what the visitor does with a document, or not. Nothing of it disturbs the conversation. */
  function read(event: DocumentEvent, status: number, body: Problem): void {
    // Opening is an act like an answer: the conversation is engaged by it.
    if (status < 300 && event.kind === "opened") sync("mine");
    else if (status === 409 && body?.current) adopt(body.current);
  }

  const refuse = (refused: Rejected) => {
    rejected = refused;
    hooks.changed();
  };

  /** Fetches what this tab does not have yet; `mine`: the visitor has brought it about here. */
  async function sync(whose?: "mine"): Promise<void> {
    const { id } = about;
    if (!id || fetching) return;
    fetching = true;
    const after = held();
    const reply = await core.call<ConversationView>(`conversations/${id}`, undefined, `&after=${after}`);
    fetching = false;
    if (stopped) return;
    if (reply.status === 200) {
      adopt(reply.body, after);
      if (whose) announce();
      else stage = Math.max(stage, STAGES.indexOf(reply.body.state));
    } else if (reply.status === 404) gone();
  }

  const add = (op: Pick<Op, "kind"> & object) => {
    if (stopped) return;
    core.clicked();
    notice = null;
    const { dialogue_id: dialogue, id: conversation } = about;
    outbox.add({ ...op, client_id: core.uuid(), at: Date.now(), dialogue, conversation } as Op);
  };
  const start = () => {
    const starting = outbox.ops().some((op) => op.kind === "start");
    if (begin && !about.id && !sealed && !starting) add({ kind: "start" });
  };

  const talk: Talk = {
    key: core.uuid(),
    site: core.key,
    config,
    about: () => about,
    opening: () => log.messages[0]?.text,
    isOpen: () => open,
    scene: () =>
      createScene({
        about,
        waiting,
        log,
        open,
        news,
        rejected,
        notice,
        preview,
        shown: pace.shown(),
        typing: pace.typing(),
        outbox,
      }),

    open(by) {
      if (by === "visitor") {
        core.clicked();
        start();
      }
      if (open) return;
      open = true;
      news = false;
      pace.skip(log.messages[0]?.seq ?? -1);
      pace.heard();
      pace.follow(log.messages);
      hooks.changed();
    },

    leave() {
      if (!open) return;
      open = false;
      pace.skip(log.cursor);
      hooks.changed();
    },

    close() {
      if (!open) return;
      talk.leave();
      talk.dismiss();
      emit("conversation_closed");
    },

    dismiss() {
      if (about.id) add({ kind: "close" });
    },

    answer(input, echo) {
      if (!waiting) return;
      rejected = null;
      start();
      pace.heard();
      const values = input.kind === "values" ? input.values : {};
      const fields = waiting.kind === "info" ? waiting.fields : [];
      const emits = fields.flatMap((f) => (values[f.id] && FILLS[f.type]) || []);
      add({ kind: "input", card_id: waiting.card_id, input, echo, emits } as Op);
    },

    document(card_id, event) {
      start();
      add({ kind: "document", card_id, event } as Op);
    },

    say(text) {
      add({ kind: "say", echo: { text } } as Op);
    },

    back(card_id) {
      rejected = null;
      add({ kind: "back", card_id } as Op);
    },

    restart() {
      rejected = null;
      add({ kind: "restart" });
    },

    refuse,

    mend(field) {
      if (!rejected?.errors[field]) return;
      const { [field]: _, ...errors } = rejected.errors;
      refuse({ ...rejected, errors });
    },

    adopt,

    refresh(whole) {
      if (whole) log = { ...log, epoch: -1 };
      return sync();
    },

    hint(seq, epoch) {
      if (epoch !== log.epoch || seq > log.cursor) sync();
    },

    online: outbox.hurry,
    resume: () =>
      outbox.resume(
        (op) => op.dialogue === about.dialogue_id && (!op.conversation || op.conversation === about.id),
      ),
    stop,
  };

  if (about.id && about.state !== "triggered") {
    adopt(source.conversation);
    pace.skip(log.cursor);
  } else log = { ...emptyLog, messages: source.conversation.messages };
  return talk;
};

/** The code of each field's fault. */
const errorsOf = (problem: Problem): Rejected["errors"] => {
  const errors: Rejected["errors"] = {};
  for (const { field, code, reason } of problem?.errors ?? []) {
    errors[field.split("/").pop() as string] = code ?? reason ?? "failed";
  }
  return errors;
};
