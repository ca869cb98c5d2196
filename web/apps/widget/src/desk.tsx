/**
 * The conversations: fetched while the page is idle, or when the chat is opened. Keeps them apart and says which one is
 * looked at: one at a time beside the bubble or over the page, and any number inside elements of the page.
 */
import type { Bubble, Counted, Desk } from "./bubble.ts";
import type { Beginning, Core } from "./loader/core.ts";
import type { ConversationView, PageResponse, ResolvedDialogue, WidgetConfig } from "./protocol.ts";
import { browserClock } from "./state/clock.ts";
import { createMemory } from "./state/memory.ts";
import { openTabs } from "./state/tabs.ts";
import { createTalk, type Source, type Talk } from "./state/talk.ts";
import type { Inside } from "./view/frames.ts";
import css from "./view/panel.css?inline";
import { createSeat, type Seat } from "./view/seat.tsx";

/** A conversation inside an element of the page. */
type Inlined = Seat & Inside;

export const openDesk = (bubble: Bubble): Desk => {
  const { core } = bubble;
  bubble.style(css);
  const memory = createMemory(core);
  /** Conversations beside the bubble or over the page, the latest last; `front` is the one that is looked at. */
  let talks: Talk[] = [];
  let front: Talk | undefined;
  /** The one that the page view has brought. */
  let own: Talk | undefined;
  /** Those inside elements of the page. */
  const inline = new Map<Talk, Inlined>();
  /** What somebody waits for at a conversation's end. */
  const over = new Map<Talk, () => void>();
  let queued = false;

  const everyTalk = () => [...talks, ...inline.keys()];
  const changed = () => {
    if (!queued) queueMicrotask(redraw);
    queued = true;
  };

  const drawer = createSeat({
    place: bubble.place,
    changed,
    focusOutside: bubble.focus,
    close: () => close("visitor"),
    pick: (talk) => turnTo(talk, "visitor"),
  });

  /** What a chat with an agent needs is fetched when the first one comes up; when it cannot be had, the next drawing tries again. */
  const enliven = async (talk: Talk) => {
    if (!talk.about().chat || talk.live !== undefined) return;
    talk.live = null;
    try {
      talk.live = (await import("./live.tsx")).createLive({ core, clock: browserClock, talk, changed });
      changed();
    } catch {
      talk.live = undefined;
    }
  };

  const redraw = () => {
    queued = false;
    everyTalk().forEach(enliven);
    for (const [talk, seat] of inline) {
      if (!seat.place.isConnected) remove(talk);
      seat.words(talk);
      seat.draw(talk, []);
    }
    memory.keep(front);
    showBubble();
    drawer.draw(front, talks);
  };
  const showBubble = () => {
    if (!front) return bubble.show({ present: false, open: false });
    const { open, unread } = front.scene();
    const away = open && front.about().ui === "popup";
    bubble.show({ present: true, config: front.config, open, away, unread, words: drawer.words(front) });
  };

  const sound = async () => {
    const wanted = front?.config.sound ?? "none";
    // Browsers let a page sound only after the visitor has touched it.
    if (wanted === "none" || document.hidden || !navigator.userActivation?.hasBeenActive) return;
    (await import("@usher/live/sound.ts")).play(wanted);
  };

  const add = (source: Source): Talk => {
    const talk = createTalk(
      core,
      browserClock,
      {
        changed,
        spoke: sound,
        tell: ({ id, dialogue_id, last_seq, epoch }) =>
          id && tabs.tell({ id, of: dialogue_id, seq: last_seq, epoch }),
        gone() {
          remove(talk);
          core.again();
        },
        ended: () => finish(talk),
      },
      source,
    );
    return talk;
  };
  /** Whoever waits for the end of `talk` is told. */
  const finish = (talk: Talk) => {
    over.get(talk)?.();
    over.delete(talk);
  };
  const remove = (talk: Talk | undefined) => {
    if (!talk) return;
    talk.stop();
    finish(talk);
    inline.get(talk)?.remove();
    inline.delete(talk);
    talks = talks.filter((one) => one !== talk);
    if (own === talk) own = undefined;
    if (front === talk) {
      front = talks.at(-1);
      if (talk.isOpen()) front?.open("page");
    }
    changed();
  };
  /** Puts `talk` before the others; whether the panel is open stays as it is. */
  const turnTo = (talk: Talk, by: "visitor" | "page") => {
    const wasOpen = front?.isOpen();
    if (front !== talk) front?.leave();
    front = talk;
    if (wasOpen) talk.open(by);
    changed();
  };

  /** A conversation under way, on whatever page it began. */
  const carryOn = (view: ConversationView, config: WidgetConfig) => {
    const known = everyTalk().find((talk) => talk.about().id === view.id);
    if (own !== known) remove(own);
    if (known) {
      known.adopt(view);
      if (!inline.has(known)) own = known;
      return;
    }
    const talk = add({ config, conversation: view });
    settleOwn(talk);
    if (memory.wasOpen(view)) talk.open("page");
  };

  const meet = (d: ResolvedDialogue, config: WidgetConfig, counted: Counted | undefined) => {
    const about = own?.about();
    const same = about?.dialogue_id === d.dialogue_id && about.state === "triggered";
    const talk = same ? (own as Talk) : add(sourceOf(d, config, core));
    if (!same) {
      remove(own);
      settleOwn(talk);
    }
    counted?.then(({ status, body }) => {
      if (status === 200 && body.conversation) talk.adopt(body.conversation);
    });
  };
  /** The page's own conversation stands before the others unless one of those is open. */
  const settleOwn = (talk: Talk) => {
    const wasOpen = front?.isOpen();
    const another = wasOpen && own !== front;
    own = talk;
    talks = [talk, ...talks];
    talk.resume();
    if (another) changed();
    else turnTo(talk, "page");
  };

  const close = (by: "visitor" | "page") => {
    const talk = front;
    if (!talk?.isOpen()) return;
    drawer.byHand(by === "visitor");
    talk.close();
    finish(talk);
    const { kind, state } = talk.about();
    // A flow that was only looked at is not kept at hand; its link is still on the page.
    if (kind === "flow" && state !== "engaged" && talk !== own) remove(talk);
    redraw();
    bubble.closed();
  };

  const begin = async ({ started, again, target, byHand, over: whenOver }: Beginning) => {
    const { conversation, how, state, widget } = started;
    const same = everyTalk().find((talk) => !!conversation.id && talk.about().id === conversation.id);
    const talk =
      same ??
      add({
        config: widget,
        conversation,
        sealed: how === "unrecorded" ? state : null,
        ...(how === "waiting_for_click" && { begin: again }),
      });
    same?.adopt(conversation);
    if (!same && conversation.state === "triggered") {
      const { name, dialogue_id: id, kind: type, ui: uiType, id: sid } = conversation;
      core.emit("conversation_triggered", { name, id, type, uiType, sid });
    }
    if (whenOver) over.set(talk, whenOver);
    talk.resume();
    const inlined = conversation.ui === "inline" && target;
    const frames = conversation.ui === "chatbot" ? undefined : await import("./view/frames.ts");
    talks = talks.filter((one) => one !== talk);
    if (frames && inlined) settleInside(talk, frames.inside(target, widget));
    else {
      frames?.styleFrames(bubble);
      drawer.byHand(byHand);
      front?.leave();
      talks.push(talk);
      front = talk;
    }
    talk.open("page");
    changed();
  };

  const settleInside = (talk: Talk, place: Inside) => {
    if (own === talk) own = undefined;
    if (front === talk) front = talks.at(-1);
    inline.get(talk)?.remove();
    inline.set(talk, { ...createSeat({ place: place.place, changed, inline: true }), ...place });
  };

  const tabs = openTabs(core.key, ({ id, of, seq, epoch }) => {
    for (const talk of everyTalk()) {
      const about = talk.about();
      if (about.id === id) talk.hint(seq, epoch);
      // The other tab has opened the dialogue that this one only shows.
      else if (!about.id && about.kind === "dialogue" && about.dialogue_id === of && core.read("token")) {
        talk.adopt({ ...about, id, epoch: -1 });
        talk.hint(seq, epoch);
      }
    }
  });

  const reset = () => {
    for (const talk of everyTalk()) remove(talk);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    bubble.redress();
    for (const seat of inline.values()) seat.dress();
  });
  addEventListener("online", () => {
    for (const talk of everyTalk()) talk.online();
  });
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    // Another tab signed the visitor out or withdrew consent: nothing of it may stay on this screen.
    if (key === null || (key === `usher.${core.key}.token` && oldValue && !newValue)) reset();
  });

  return {
    update({ resolved, widget }: PageResponse, shown, counted) {
      if (widget && resolved?.kind === "continue") carryOn(resolved.conversation, widget);
      else if (widget && resolved?.kind === "preview") {
        remove(own);
        const { conversation, state: sealed } = resolved;
        settleOwn(add({ config: widget, conversation, sealed, preview: true }));
      } else if (widget && resolved && shown) meet(resolved as ResolvedDialogue, widget, counted);
      else if (own && own.about().dialogue_id !== (resolved as ResolvedDialogue | null)?.dialogue_id)
        remove(own);
      changed();
    },
    begin,
    open(by) {
      drawer.byHand(by === "visitor");
      front?.open(by);
      changed();
    },
    close,
    sound,
    dismissed: () => own?.dismiss(),
    reading: () => !!own?.isOpen() && own.about().state === "completed",
    reset,
  };
};

/** A dialogue as a conversation that begins when the visitor does something. */
const sourceOf = (d: ResolvedDialogue, config: WidgetConfig, core: Core): Source => ({
  config,
  conversation: {
    kind: "dialogue",
    ui: "chatbot",
    allow_back: false,
    allow_restart: false,
    id: null,
    ...d.conversation,
    dialogue_id: d.dialogue_id,
    name: d.name,
    state: "triggered",
    last_seq: 0,
    epoch: -1,
    messages: d.opening,
    waiting: d.opening_waiting,
  },
  begin: () => core.call("conversations", { page_view_id: core.pageView(), dialogue_id: d.dialogue_id }),
});
